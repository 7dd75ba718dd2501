import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  accessTokenAudience,
  accessTokenIssuer,
  type Quota,
  type Role,
} from '@image-organizer/contracts/http/access-token';
import jwt from 'jsonwebtoken';

const kid = 'test-key';

export interface TokenOwner {
  id: string;
  email: string;
  role?: Role;
  quota?: Quota;
}

export interface FakeAuth {
  url: string;
  /** @param expiresIn seconds from now */
  tokenOf(owner: TokenOwner, expiresIn?: number): string;
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
    tokenOf({ id, email, role = 'user', quota }, expiresIn = 600) {
      const iat = Math.floor(now().getTime() / 1000);
      const claims = { sub: id, email, role, ...(quota && { quota }), iat, exp: iat + expiresIn };
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
