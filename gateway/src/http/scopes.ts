import type { Scope } from '@image-organizer/contracts/http/api-token';
import { MissingScopeError } from '@image-organizer/platform/access-errors';

const uploads = new Set(['/upload', '/upload-csv', '/api/images', '/api/imports']);

/** What an API token needs for a call; a path in another spelling needs no less. */
function scopeFor(method: string, path: string): Scope {
  if (/^\/api\/admin(\/|$)/i.test(path)) return 'admin';
  if (method === 'GET' || method === 'HEAD') return 'read';
  return method === 'POST' && uploads.has(path) ? 'upload' : 'write';
}

/** @param scopes null: a login, which needs none. @throws MissingScopeError */
export function assertScope(scopes: Scope[] | null, method: string, path: string): void {
  if (scopes === null) return;
  const needed = scopeFor(method, path);
  const has = scopes.includes(needed) || (needed === 'upload' && scopes.includes('write'));
  if (!has) throw new MissingScopeError(needed);
}
