import type { Scope } from '@image-organizer/contracts/http/api-token';
import { assertScope } from '../src/http/scopes.ts';

const all: Scope[] = ['read', 'upload', 'write', 'admin'];
/** Which scopes, each alone, let the call pass. */
const passing = (method: string, path: string) =>
  all.filter((scope) => {
    try {
      assertScope([scope], method, path);
      return true;
    } catch {
      return false;
    }
  });

it.each<[string, string, Scope[]]>([
  ['GET', '/api/images', ['read']],
  ['HEAD', '/download', ['read']],
  ['POST', '/upload', ['upload', 'write']],
  ['POST', '/upload-csv', ['upload', 'write']],
  ['POST', '/api/images', ['upload', 'write']],
  ['POST', '/api/imports', ['upload', 'write']],
  ['POST', '/API/Images/', ['write']],
  ['PUT', '/api/images', ['write']],
  ['POST', '/api/images/move', ['write']],
  ['DELETE', '/api/images/1', ['write']],
  ['GET', '/api/admin/users', ['admin']],
  ['GET', '/API/Admin/', ['admin']],
  ['PATCH', '/api/admin', ['admin']],
  ['GET', '/api/administration', ['read']],
])('When %s %s is called, then an API token needs one of its scopes and no other', (method, path, scopes) => {
  expect(passing(method, path)).toEqual(scopes);
});

it('When it is a login, then it needs none', () => {
  expect(() => assertScope(null, 'DELETE', '/api/admin/x')).not.toThrow();
});
