/** There was no answer in time. Whether the server did what it was asked is not known. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError';
}

/** @throws NoAnswerError after `ms`, when `giveUp` has been called; what comes later is nobody's concern */
export async function within<Result>(
  answer: Promise<Result>,
  ms: number,
  giveUp: () => void = () => {},
): Promise<Result> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    giveUp();
    reject(new NoAnswerError('no answer'));
  }, ms);
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
