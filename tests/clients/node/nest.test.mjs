// supertokens-node on NestJS. What decorators do is done by hand, as a compiler writes it.
import "reflect-metadata";
import {
    Catch,
    Controller,
    HttpCode,
    Module,
    Req,
    RequestMapping,
    RequestMethod,
    UseGuards,
} from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { errorHandler, middleware } from "supertokens-node/framework/express/index.js";
import { verifySession } from "supertokens-node/recipe/session/framework/express/index.js";
import { __decorate as decorate, __param as parameter } from "tslib";
import { application } from "./application.mjs";
import { routes } from "./routes.mjs";
import { supertokens } from "./sdk.mjs";

/** Lets requests through that have a session of the `options`; fails with the SDK's error. */
class SessionGuard {
    constructor(options) {
        this.verify = verifySession(options);
    }

    canActivate(context) {
        const http = context.switchToHttp();
        return new Promise((resolve, reject) => {
            const next = (error) => (error ? reject(error) : resolve(true));
            this.verify(http.getRequest(), http.getResponse(), next).catch(reject);
        });
    }
}

/** Answers the SDK's errors by the SDK. */
class SdkErrors {
    catch(error, host) {
        const http = host.switchToHttp();
        return errorHandler()(error, http.getRequest(), http.getResponse(), http.getNext());
    }
}
decorate([Catch(supertokens.Error)], SdkErrors);

/** Has a method for each route. */
class AppController {}
for (const { method, path, options, handle } of routes) {
    const name = `${method} ${path}`;
    AppController.prototype[name] = (request) => handle(request.session);
    const decorators = [
        RequestMapping({ path, method: RequestMethod[method] }),
        HttpCode(200),
        UseGuards(new SessionGuard(options)),
        parameter(0, Req()),
    ];
    decorate(decorators, AppController.prototype, name, null);
}
decorate([Controller()], AppController);

class AppModule {
    configure(consumer) {
        consumer.apply(middleware()).forRoutes("{*path}");
    }
}
decorate([Module({ controllers: [AppController] })], AppModule);

application("express", async () => {
    const app = await NestFactory.create(AppModule, { logger: ["error"] });
    app.useGlobalFilters(new SdkErrors());
    await app.listen(0, "127.0.0.1");
    return { origin: await app.getUrl(), close: () => app.close() };
});
