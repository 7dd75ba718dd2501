import type { Router } from 'express';

/** A service as its main.ts, the standalone process and the tests see it. */
export interface Service {
  readonly name: string;
  /** Begins to consume or to serve. Rejects when it never will; a server that is merely down is waited for. */
  start(): Promise<void>;
  /** Stops taking work, finishes what is in flight, then resolves. Safe to call twice. */
  stop(): Promise<void>;
  readonly router?: Router;
  /** What it waits for, in words; empty when it can do its work. */
  waitingFor?(): string[];
}

/** Starts in order and stops in reverse order, as one. */
export function combineServices(name: string, services: Service[]): Service {
  return {
    name,
    async start() {
      for (const service of services) await service.start();
    },
    async stop() {
      for (const service of services.toReversed()) await service.stop();
    },
    waitingFor: () => services.flatMap((service) => service.waitingFor?.() ?? []),
  };
}
