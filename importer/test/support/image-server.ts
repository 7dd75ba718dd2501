import type { IncomingMessage, ServerResponse } from 'node:http';
import { startWebServer, type WebServer } from '@image-organizer/testing/web-server';

/** A file that is a PNG as far as its signature goes; every name has bytes of its own. */
export const pngOf = (name: string): Buffer =>
  Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from(name)]);

export interface ImageServer extends WebServer {
  /** Paths, in the order in which they were asked for. */
  readonly asked: string[];
  /** Most requests that were under way at once. */
  readonly mostAtOnce: number;
  /** From now on answers wait, until what is returned is called. */
  hold(): () => void;
  /** What a path answers instead of its image; returning false leaves it to the image. */
  on(path: string, answer: (request: IncomingMessage, response: ServerResponse) => void | false): void;
}

/** Has an image at every path. */
export async function startImageServer(): Promise<ImageServer> {
  const asked: string[] = [];
  const answers = new Map<string, Parameters<ImageServer['on']>[1]>();
  let held: Promise<void> = Promise.resolve();
  let atOnce = 0;
  let mostAtOnce = 0;
  const server = await startWebServer((request, response) => {
    const path = request.url!;
    asked.push(path);
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    response.on('close', () => (atOnce -= 1));
    void held.then(() => {
      if (answers.get(path)?.(request, response) === false || !answers.has(path)) response.end(pngOf(path));
    });
  });
  return {
    ...server,
    asked,
    get mostAtOnce() {
      return mostAtOnce;
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    on: (path, answer) => void answers.set(path, answer),
  };
}
