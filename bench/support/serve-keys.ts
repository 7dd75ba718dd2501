import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { accessTokenAudience, accessTokenIssuer } from '@image-organizer/contracts/http/access-token';
import jwt from 'jsonwebtoken';

/** Stands in for auth: publishes a key, and signs one token with it. */
export async function serveKeys(ownerId: string = randomUUID()) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { ...publicKey.export({ format: 'jwk' }), kid: 'bench', use: 'sig', alg: 'RS256' };
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys: [key] }))).listen(
    0,
  );
  await once(server, 'listening');
  const claims = { sub: ownerId, email: 'bench@example.com', role: 'user' };
  const token = jwt.sign(claims, privateKey, {
    algorithm: 'RS256',
    keyid: 'bench',
    issuer: accessTokenIssuer,
    audience: accessTokenAudience,
    expiresIn: '1h',
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token };
}
