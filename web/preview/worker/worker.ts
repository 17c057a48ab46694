import { PreviewWorker } from "./preview-worker.ts";

declare const self: ServiceWorkerGlobalScope;

new PreviewWorker(self).start();
