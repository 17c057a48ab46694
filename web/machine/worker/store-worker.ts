/** The entry point of the worker that writes saved machines. */
import { expose } from "comlink";
import { StoreWriter } from "./store-writer.ts";

expose(new StoreWriter());
