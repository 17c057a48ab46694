import { Bridge } from "./bridge.ts";

void new Bridge(window).start();
