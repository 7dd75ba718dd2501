import { runInNewContext } from 'node:vm';
import { MongoNetworkError, MongoServerError } from 'mongodb';
import { isPassing } from './store.ts';

const nodeError = (code: string, more: object = {}): Error =>
  Object.assign(new Error(`write ${code}`), { code, ...more });

describe('errors of MongoDB that pass', () => {
  it.each([
    ['the driver’s own network error', new MongoNetworkError('connection 3 to 127.0.0.1:27017 closed')],
    ['a bare ECONNRESET', nodeError('ECONNRESET')],
    ['a bare EPIPE', nodeError('EPIPE')],
    ['an ETIMEDOUT that caused another error', new Error('not sent', { cause: nodeError('ETIMEDOUT') })],
    ['all addresses refused', nodeError('', { errors: [nodeError('ECONNREFUSED')] })],
    ['an error of another realm', runInNewContext('Object.assign(new Error(), { code: "ECONNRESET" })')],
    ['a server that stops', new MongoServerError({ message: 'shutting down', code: 91 })],
  ])('When it is %s, then the work is tried again', (_case, error) => {
    expect(isPassing(error)).toBe(true);
  });

  it.each([
    ['a unique index', new MongoServerError({ message: 'E11000 duplicate key', code: 11_000 })],
    ['our own mistake', new TypeError('cannot read properties of undefined')],
    ['a file that is missing', nodeError('ENOENT')],
    ['nothing', undefined],
  ])('When it is %s, then it is not', (_case, error) => {
    expect(isPassing(error)).toBe(false);
  });
});
