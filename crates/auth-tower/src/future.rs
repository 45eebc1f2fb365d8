//! The middleware's answer.

use std::{
    pin::Pin,
    sync::Arc,
    task::{self, Poll, ready},
};

use auth_core::{Context, Error};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::Response;
use pin_project_lite::pin_project;

use crate::request::PendingError;

type Boxed<R> = BoxFuture<'static, Response<R>>;

pin_project! {
    /// The response of an [`AuthService`](crate::AuthService). It holds the application's future
    /// unboxed: this stands around every request.
    #[project = Projected]
    pub struct AuthFuture<F, R> {
        #[pin]
        state: State<F, R>,
    }
}

pin_project! {
    #[project = ProjectedState]
    enum State<F, R> {
        // The application's answer, and what the session changes in it.
        PassedOn { #[pin] answer: F, cx: Context },
        // A route's answer, or an error's.
        Boxed { answer: Boxed<R> },
    }
}

impl<F, R> AuthFuture<F, R> {
    pub(crate) fn served(answer: Boxed<R>) -> Self {
        Self { state: State::Boxed { answer } }
    }

    pub(crate) fn passed_on(answer: F, cx: Context) -> Self {
        Self { state: State::PassedOn { answer, cx } }
    }
}

impl<F, R, E> Future for AuthFuture<F, R>
where
    F: Future<Output = Result<Response<R>, E>>,
    R: From<Bytes> + Send + 'static,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut task::Context<'_>) -> Poll<Self::Output> {
        let mut state = self.project().state;
        loop {
            match state.as_mut().project() {
                ProjectedState::Boxed { answer } => return answer.as_mut().poll(task).map(Ok),
                ProjectedState::PassedOn { answer, cx } => {
                    let mut answer = ready!(answer.poll(task))?;
                    let Some(PendingError(error)) = answer.extensions_mut().remove() else {
                        cx.changes().apply_to(answer.headers_mut());
                        return Poll::Ready(Ok(answer));
                    };
                    let answer = Box::pin(replaced(answer, cx.clone(), error));
                    state.set(State::Boxed { answer });
                }
            }
        }
    }
}

/// The answer to an error that a handler left, in the place of the handler's.
async fn replaced<R: From<Bytes>>(
    mut answer: Response<R>,
    cx: Context,
    error: Arc<Error>,
) -> Response<R> {
    let neutral = cx.auth().error_response(&cx, &error).await;
    let (mut status, mut headers) = (answer.status(), std::mem::take(answer.headers_mut()));
    *answer.body_mut() = neutral.replace(&mut status, &mut headers).into();
    (*answer.status_mut(), *answer.headers_mut()) = (status, headers);
    cx.changes().apply_to(answer.headers_mut());
    answer
}
