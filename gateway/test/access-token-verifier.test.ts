import { createHmac, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import {
  accessTokenAudience,
  accessTokenIssuer,
  unlimited,
  type Jwks,
} from '@image-organizer/contracts/http/access-token';
import { createAccessTokenVerifier } from '@image-organizer/platform/access-token-verifier';
import jwt from 'jsonwebtoken';

const newKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const ours = newKeys();
const theirs = newKeys();
const kid = 'key-1';

const start = new Date('2026-01-15T12:00:00.000Z');
const seconds = (date: Date) => Math.floor(date.getTime() / 1000);
const claims = { sub: randomUUID(), email: 'ada@example.com', role: 'user', quota: unlimited };
const payload = {
  ...claims,
  iss: accessTokenIssuer,
  aud: accessTokenAudience,
  iat: seconds(start),
  exp: seconds(start) + 600,
};

const publicJwk = (key: KeyObject, id = kid) =>
  ({ ...key.export({ format: 'jwk' }), kid: id, use: 'sig', alg: 'RS256' }) as Jwks['keys'][number];

const signed = (changes: object = {}, options: jwt.SignOptions = {}, key: KeyObject = ours.privateKey) =>
  jwt.sign(JSON.parse(JSON.stringify({ ...payload, ...changes })) as object, key, {
    algorithm: 'RS256',
    keyid: kid,
    ...options,
  });
const without = (claim: string) => ({ [claim]: undefined });

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const assembled = (header: object, body: object, signature: (input: string) => string) => {
  const input = `${part(header)}.${part(body)}`;
  return `${input}.${signature(input)}`;
};
const hmac = (secret: string | Buffer) => (input: string) =>
  createHmac('sha256', secret).update(input).digest('base64url');
const rs256 = (input: string) => sign('sha256', Buffer.from(input), ours.privateKey).toString('base64url');
const publicPem = ours.publicKey.export({ type: 'spki', format: 'pem' });
const publicDer = ours.publicKey.export({ type: 'spki', format: 'der' });
const signatureOf = (token: string) => token.split('.')[2]!;

function setUp(fetchJwks?: () => Promise<Jwks>) {
  let now = start;
  const fetch = jest.fn(fetchJwks ?? (async () => ({ keys: [publicJwk(ours.publicKey)] })));
  const verifier = createAccessTokenVerifier({ fetchJwks: fetch, clock: { now: () => now } });
  const passes = (ms: number) => void (now = new Date(now.getTime() + ms));
  return { verifier, fetch, passes };
}

describe('access token verifier', () => {
  it('When auth signed the token, then its claims come back and nothing else', async () => {
    expect(await setUp().verifier.verify(signed())).toEqual(claims);
  });

  it('When the token reaches its expiry, then it has expired; a second before it had not', async () => {
    const { verifier, passes } = setUp();
    passes(599_000);
    expect(await verifier.verify(signed())).toEqual(claims);
    passes(1_000);
    await expect(verifier.verify(signed())).rejects.toMatchObject({
      code: 'TOKEN_EXPIRED',
      kind: 'unauthorized',
    });
  });

  const attacks: [string, string][] = [
    ['alg none without a signature', assembled({ alg: 'none', typ: 'JWT', kid }, payload, () => '')],
    ['alg none with a good signature', assembled({ alg: 'none', kid }, payload, () => signatureOf(signed()))],
    [
      'HS256 with the public key (PEM) as the secret',
      assembled({ alg: 'HS256', kid }, payload, hmac(publicPem)),
    ],
    [
      'HS256 with the public key (DER) as the secret',
      assembled({ alg: 'HS256', kid }, payload, hmac(publicDer)),
    ],
    ['another algorithm of the right key', signed({}, { algorithm: 'RS512' })],
    ['another key under our kid', signed({}, {}, theirs.privateKey)],
    [
      'a key that the token brings itself',
      signed({}, { header: { alg: 'RS256', jwk: publicJwk(theirs.publicKey) } as never }, theirs.privateKey),
    ],
    ['an unknown kid', signed({}, { keyid: 'key-2' })],
    ['no kid', jwt.sign(payload, ours.privateKey, { algorithm: 'RS256' })],
    ['a kid that is a property of every object', signed({}, { keyid: '__proto__' })],
    ['a kid that is no string', assembled({ alg: 'RS256', kid: [kid] }, payload, rs256)],
    ['another audience', signed({ aud: 'another-api' })],
    ['no audience', signed(without('aud'))],
    ['another issuer', signed({ iss: 'https://evil.example' })],
    [
      'changed claims under a good signature',
      assembled({ alg: 'RS256', kid }, { ...payload, role: 'admin' }, () => signatureOf(signed())),
    ],
    ['a stripped signature', signed().split('.').slice(0, 2).join('.') + '.'],
    ['no expiry', signed(without('exp'))],
    ['a time before which it is not valid', signed({ nbf: seconds(start) + 60 })],
    ['a role that there is not', signed({ role: 'root' })],
    ['no subject', signed(without('sub'))],
    ['an expired token of another key', signed({ exp: seconds(start) - 1 }, {}, theirs.privateKey)],
    ['a header that is no JSON', `${Buffer.from('{"alg"').toString('base64url')}.${part(payload)}.AAAA`],
    ['no token at all', ''],
    ['an opaque token', 'k3Zb0bUO4mQ9s8Vq2M1yXw'],
  ];
  it.each(attacks)('When a token comes with %s, then it is refused', async (_attack, token) => {
    await expect(setUp().verifier.verify(token)).rejects.toMatchObject({
      code: 'INVALID_TOKEN',
      kind: 'unauthorized',
    });
  });

  it('When many tokens are checked, at once and in turn, then the keys are fetched once', async () => {
    const { verifier, fetch } = setUp();
    await Promise.all(Array.from({ length: 20 }, () => verifier.verify(signed())));
    await verifier.verify(signed());
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it('When auth has a new key, then it is fetched, but made-up kids fetch no more than every 30 seconds', async () => {
    const keys = [publicJwk(ours.publicKey)];
    const { verifier, fetch, passes } = setUp(async () => ({ keys }));
    const token = signed({}, { keyid: 'key-2' }, theirs.privateKey);
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
    keys.push(publicJwk(theirs.publicKey, 'key-2'));
    passes(29_999);
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
    expect(fetch).toHaveBeenCalledTimes(1);
    passes(1);
    expect(await verifier.verify(token)).toEqual(claims);
    expect(await verifier.verify(signed())).toEqual(claims);
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('When auth is down, then tokens cannot be checked, until it is back', async () => {
    let down = true;
    const { verifier } = setUp(async () => {
      if (down) throw new Error('ECONNREFUSED');
      return { keys: [publicJwk(ours.publicKey)] };
    });
    await expect(verifier.verify(signed())).rejects.toMatchObject({
      kind: 'unavailable',
      retryAfterSeconds: 5,
    });
    down = false;
    expect(await verifier.verify(signed())).toEqual(claims);
  });

  it('When auth goes down later, then tokens of known keys are still checked', async () => {
    let down = false;
    const { verifier, passes } = setUp(async () => {
      if (down) throw new Error('ECONNREFUSED');
      return { keys: [publicJwk(ours.publicKey)] };
    });
    await verifier.verify(signed());
    down = true;
    passes(60_000);
    expect(await verifier.verify(signed())).toEqual(claims);
    await expect(verifier.verify(signed({}, { keyid: 'key-2' }))).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });

  it('When auth answers with something else than keys, then tokens cannot be checked', async () => {
    const { verifier } = setUp(async () => ({ error: 'a proxy says no' }) as never);
    await expect(verifier.verify(signed())).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('When auth publishes a symmetric key, then it is not taken', async () => {
    const secret = Buffer.from('a secret of thirty-two bytes or so');
    const key = { kty: 'oct', kid, use: 'sig', alg: 'HS256', k: secret.toString('base64url') };
    const { verifier } = setUp(async () => ({ keys: [key] }) as never);
    const token = assembled({ alg: 'HS256', kid }, payload, hmac(secret));
    await expect(verifier.verify(token)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
