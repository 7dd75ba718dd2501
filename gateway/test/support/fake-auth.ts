import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accessTokenAudience, accessTokenIssuer } from '@image-organizer/contracts/http/access-token';
import jwt from 'jsonwebtoken';

const kid = 'test-key';

export interface FakeAuth {
  url: string;
  /** @param expiresIn seconds from now */
  tokenOf(owner: { id: string; email: string }, expiresIn?: number): string;
  stop(): Promise<void>;
}

/** Signs tokens as auth does and publishes the key; all but the keys is answered by `answer`. */
export async function startFakeAuth(now: () => Date, answer: RequestListener): Promise<FakeAuth> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' };
  const server = createServer((request, response) =>
    request.url === '/.well-known/jwks.json'
      ? response.end(JSON.stringify({ keys: [key] }))
      : answer(request, response),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokenOf({ id, email }, expiresIn = 600) {
      const iat = Math.floor(now().getTime() / 1000);
      const claims = { sub: id, email, role: 'user', iat, exp: iat + expiresIn };
      return jwt.sign(claims, privateKey, {
        algorithm: 'RS256',
        keyid: kid,
        issuer: accessTokenIssuer,
        audience: accessTokenAudience,
      });
    },
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
