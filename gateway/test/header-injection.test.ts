import { jpeg } from './support/files.ts';
import { process } from './support/images.ts';
import { startGateway, type TestGateway } from './support/start-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.stop());

/** Names that would end a header, begin another, or pass for something else behind it. */
const names = [
  ['a line break', 'a\r\nSet-Cookie: session=stolen.jpg'],
  ['a line feed alone', 'a\nX-Evil: 1.jpg'],
  ['a body behind the headers', 'a\r\n\r\n<script>alert(1)</script>.jpg'],
  ['a vertical tab and a form feed', 'a\u000b\u000cb.jpg'],
  ['NEL and line separators of Unicode', 'a\u0085b\u2028c\u2029d.jpg'],
  ['an encoded line break', 'a%0d%0aSet-Cookie: x=1.jpg'],
  ['a quote that ends the value', 'a"; filename="evil.html'],
  ['a backslash in front of the quote', 'a\\"; filename="evil.html'],
  ['a second parameter', "a; filename*=UTF-8''evil.html"],
  ['text that runs backwards', 'a\u202egpj.exe'],
  ['a cut surrogate', 'a\ud83d.jpg'],
] as const;

it.each(names)(
  'When a file is named with %s, then the name stays inside one header wherever it comes back',
  async (_what, filename) => {
    const id = await gateway.uploaded(jpeg());
    await process(gateway, id);
    const { body } = await gateway.patch(`/api/images/${id}`).send({ filename }).expect(200);
    expect(body.filename).not.toMatch(/[\p{Cc}\u2028\u2029\u202e]/u);
    for (const path of ['original', 'original?download=1', 'compressed?download=1', 'text?download=1']) {
      const { headers } = await gateway.get(`/api/images/${id}/${path}`).expect(200);
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['set-cookie']));
      expect(headers).not.toHaveProperty('x-evil');
      const disposition = headers['content-disposition']!;
      // One type, one quoted name, one extended name: RFC 6266.
      expect(disposition).toMatch(
        /^(inline|attachment); filename=(?:[\w.-]+|"(?:[^"\\\p{Cc}]|\\["\\])*")(; filename\*=UTF-8''[\w%!#$&+.^`|~-]+)?$/u,
      );
      expect(headers['content-type']).not.toContain('html');
    }
  },
);

it.each([['a\r\nX-Evil: 1'], ['"><svg onload=alert(1)>'], ['\u0000']])(
  'When a request id of the client is %j, then it is not echoed as it came',
  async (requestId) => {
    const answer = await fetch(`${gateway.url}/healthz`, {
      headers: { 'X-Request-Id': encodeURI(requestId) },
    });
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w.%-]{1,200}$/);
    expect(answer.headers.get('x-evil')).toBeNull();
  },
);
