import type { Store } from './store.ts';

/** Closes the intents of accepted images while their uploaders have their answer already. */
export interface IntentCloser {
  /** An intent that stays is no harm: the sweeper asks for its image before it deletes anything. */
  close(imageId: string): void;
  /** Resolves when those asked for until now are closed, or were given up as the server was away. */
  closed(): Promise<void>;
}

/** One deletion at a time: what comes meanwhile shares the next one. */
export function createIntentCloser(store: Store): IntentCloser {
  const waiting: string[] = [];
  let closed = Promise.resolve();

  async function closeWaiting(): Promise<void> {
    const ids = waiting.splice(0);
    if (ids.length === 0) return;
    await store.run(({ uploads }) => uploads.deleteMany({ _id: { $in: ids } })).catch(() => undefined);
  }

  return {
    close(imageId) {
      waiting.push(imageId);
      closed = closed.then(closeWaiting);
    },
    closed: () => closed,
  };
}
