import { randomUUID } from 'node:crypto';
import type { ApiTokenClaims } from '@image-organizer/contracts/http/api-token';
import { createApiTokenVerifier } from '../src/adapters/api-token-verifier.ts';

const start = Date.parse('2026-01-15T12:00:00.000Z');
const second = 1_000;
const claims: ApiTokenClaims = {
  ...{ sub: randomUUID(), email: 'ada@example.com', role: 'user', quota: { images: 5, bytes: null } },
  ...{ tokenId: randomUUID(), scopes: ['read'], expiresAt: null },
};

function begin(answer: () => Promise<ApiTokenClaims | undefined> = async () => claims) {
  let now = start;
  const asked = jest.fn(answer);
  const verifier = createApiTokenVerifier({ fetchClaims: asked, clock: { now: () => new Date(now) } });
  return { verify: verifier.verify, asked, passes: (ms: number) => void (now += ms) };
}

describe('API tokens at the gateway', () => {
  it('When a token comes again and again, then auth is asked about its hash once in 30 seconds', async () => {
    const { verify, asked, passes } = begin();
    for (let time = 0; time < 3; time += 1) expect(await verify('io_x')).toEqual(claims);
    passes(30 * second);
    await verify('io_x');
    expect(asked).toHaveBeenCalledTimes(1);
    passes(1);
    await verify('io_x');
    expect(asked).toHaveBeenCalledTimes(2);
    expect(asked.mock.calls[0]).toEqual(expect.arrayContaining([expect.stringMatching(/^[0-9a-f]{64}$/)]));
  });

  it('When twenty requests bring a token at once, then one asks', async () => {
    const { verify, asked } = begin();
    await Promise.all(Array.from({ length: 20 }, () => verify('io_x')));
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('When it expires meanwhile, then it is refused at that moment', async () => {
    const expiresAt = new Date(start + 10 * second).toISOString();
    const { verify, passes } = begin(async () => ({ ...claims, expiresAt }));
    passes(10 * second - 1);
    await verify('io_x');
    passes(1);
    await expect(verify('io_x')).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
  });

  it('When auth does not know it, then it is refused, and asked about again', async () => {
    const { verify, asked } = begin(async () => undefined);
    for (let time = 0; time < 2; time += 1)
      await expect(verify('io_x')).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('When auth cannot be asked, then that is said, and its return is noticed at once', async () => {
    let up = false;
    const { verify } = begin(async () => {
      if (!up) throw new Error('down');
      return claims;
    });
    await expect(verify('io_x')).rejects.toThrow('down');
    up = true;
    expect(await verify('io_x')).toEqual(claims);
  });
});
