/** Milliseconds. Tests shorten them. */
export interface RabbitMqTimings {
  /** Both sides notice within two to three of these that the other is gone; seconds, as in the protocol. */
  heartbeatSeconds: number;
  /** Until the server has answered the first time. */
  connectTimeoutMs: number;
  /** A message that is not confirmed for so long takes its connection with it. */
  confirmTimeoutMs: number;
  /** How long an operation waits for a server that is not there, or does not answer. */
  operationTimeoutMs: number;
  /** How long declaring the whole topology may take. */
  setupTimeoutMs: number;
  /** How long the server may take to say good-bye. */
  closeTimeoutMs: number;
  backOffMinMs: number;
  backOffMaxMs: number;
}

export const defaultTimings: RabbitMqTimings = {
  heartbeatSeconds: 15,
  connectTimeoutMs: 10_000,
  confirmTimeoutMs: 15_000,
  operationTimeoutMs: 8_000,
  setupTimeoutMs: 60_000,
  closeTimeoutMs: 2_000,
  backOffMinMs: 200,
  backOffMaxMs: 10_000,
};

/** Doubles with each attempt (0 is the first); jittered over its upper half, so that services do not come all at once. */
export function backOffMs(
  attempt: number,
  { backOffMinMs, backOffMaxMs }: RabbitMqTimings,
  random: () => number = Math.random,
): number {
  const full = Math.min(backOffMaxMs, backOffMinMs * 2 ** Math.min(attempt, 30));
  return full * (0.5 + random() / 2);
}

/** What `promise` settles to, or a rejection after `ms`. The promise itself goes on. */
export async function within<T>(ms: number, promise: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
