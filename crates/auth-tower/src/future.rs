//! The future of an answer.

use std::{
    pin::Pin,
    task::{self, Poll, ready},
};

use auth_core::Context;
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::Response;
use pin_project_lite::pin_project;

use crate::request::PendingError;

pin_project! {
    /// The answer of an [`AuthService`](crate::AuthService): most requests are the application's, whose
    /// own future is polled in place.
    ///
    /// # Errors
    /// Those of the application's service.
    pub struct AuthFuture<F, R, E> {
        #[pin]
        answer: Answer<F, R, E>,
    }
}

pin_project! {
    #[project = Projected]
    enum Answer<F, R, E> {
        /// By a sign-in route, or of an error that the application left.
        Own { answer: BoxFuture<'static, Result<Response<R>, E>> },
        /// By the application.
        Passed { #[pin] answer: F, cx: Context },
    }
}

impl<F, R, E> AuthFuture<F, R, E> {
    /// Of a sign-in route.
    pub(crate) fn own(answer: BoxFuture<'static, Result<Response<R>, E>>) -> Self {
        Self { answer: Answer::Own { answer } }
    }

    /// Of the application.
    pub(crate) fn passed(answer: F, cx: Context) -> Self {
        Self { answer: Answer::Passed { answer, cx } }
    }
}

impl<F, R, E> Future for AuthFuture<F, R, E>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: From<Bytes> + Send + 'static,
{
    type Output = Result<Response<R>, E>;

    fn poll(self: Pin<&mut Self>, task: &mut task::Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let (answer, cx) = match this.answer.as_mut().project() {
                Projected::Own { answer } => return answer.as_mut().poll(task),
                Projected::Passed { answer, cx } => (ready!(answer.poll(task)), cx),
            };
            let mut answer = match answer {
                Ok(answer) => answer,
                Err(error) => return Poll::Ready(Err(error)),
            };
            let Some(error) = answer.extensions_mut().remove::<PendingError>() else {
                cx.changes().apply_to(answer.headers_mut());
                return Poll::Ready(Ok(answer));
            };
            // Answering it may need the core.
            let cx = cx.clone();
            let answer = Box::pin(async move {
                error.replace(&mut answer, &cx).await;
                cx.changes().apply_to(answer.headers_mut());
                Ok(answer)
            });
            this.answer.set(Answer::Own { answer });
        }
    }
}
