import type { LookupAddress } from 'node:dns';
import type { RequestListener } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { rightTest } from '@image-organizer/testing/test-certificate';
import { startWebServer, type WebServer } from '@image-organizer/testing/web-server';
import type { Lookup } from './checked-lookup.ts';
import {
  FetchFailedError,
  FetchTimeoutError,
  ForbiddenAddressError,
  ForbiddenUrlError,
  ResponseTooLargeError,
  TooManyRedirectsError,
} from './guarded-fetch-errors.ts';
import { createGuardedFetch, type GuardedFetch, type GuardedFetchOptions } from './guarded-fetch.ts';
import { createAddressCheck } from './public-address.ts';

const maxBytes = 1_000;
const made: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of made.splice(0).reverse()) await thing.close();
});

const keep = <Thing extends { close(): Promise<void> }>(thing: Thing): Thing => {
  made.push(thing);
  return thing;
};
const serve = async (answer: RequestListener, tls?: typeof rightTest): Promise<WebServer> =>
  keep(await startWebServer(answer, tls));
const guarded = (options: Partial<GuardedFetchOptions> = {}): GuardedFetch =>
  keep(createGuardedFetch({ allowedNetworks: [], ports: [80, 443], ...options }));
/** May ask the server, and nothing else. */
const guardedFor = ({ port }: WebServer, options: Partial<GuardedFetchOptions> = {}) =>
  guarded({ allowedNetworks: ['127.0.0.0/8'], ports: [port], ...options });

const answers =
  (...addresses: string[]): Lookup =>
  (_hostname, _options, callback) =>
    callback(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

const forbiddenHosts = [
  // this machine, in every notation
  ...['localhost', '127.0.0.1', '127.0.0.1.', '127.1', '127.255.255.254', '0x7f.1', '0x7F000001'],
  ...[
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    '0',
    '0.0.0.0',
    '0.1.2.3',
    '%31%32%37.0.0.1',
    '１２７.0.0.1',
  ],
  ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]'],
  // private networks
  ...[
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '0xc0a80101',
    '3232235777',
  ],
  ...['[::ffff:10.0.0.1]', '[fc00::1]', '[fd12:3456:789a::1]', '[fec0::1]'],
  // link-local, carrier-grade NAT, metadata services of clouds
  ...['169.254.1.1', '169.254.169.254', '0xa9fea9fe', '2852039166', '[::ffff:169.254.169.254]', '[fe80::1]'],
  ...['[fd00:ec2::254]', '[fd20:ce::254]', '100.64.0.1', '100.127.255.254', '100.100.100.200', '192.0.0.192'],
  '168.63.129.16',
  // an IPv4 address inside an IPv6 one
  ...['[64:ff9b::127.0.0.1]', '[64:ff9b::a00:1]', '[64:ff9b::169.254.169.254]', '[64:ff9b:1::a00:1]'],
  ...['[2002:7f00:1::]', '[2002:a9fe:a9fe::]', '[2001:0:7f00:1::]', '[::ffff:0:127.0.0.1]'],
  // to many, to nobody, for examples, for tests
  ...[
    '224.0.0.1',
    '239.255.255.250',
    '255.255.255.255',
    '240.0.0.1',
    '192.0.2.1',
    '198.51.100.7',
    '203.0.113.9',
  ],
  ...['198.18.0.1', '[ff02::1]', '[2001:db8::1]', '[3fff::1]', '[100::1]', '[5f00::1]', '[2001:2::1]'],
];

describe('GuardedFetch: addresses', () => {
  it.each(forbiddenHosts)('When the host is %s, then it is not asked', async (host) => {
    await expect(guarded().fetch(`http://${host}/a.jpg`, { maxBytes })).rejects.toThrow(
      ForbiddenAddressError,
    );
  });

  it.each(['8.8.8.8', '168.63.129.17', '2606:4700::1', '64:ff9b::8.8.8.8', '::ffff:8.8.8.8'])(
    'When the address is the public %s, then it is allowed',
    (address) => expect(createAddressCheck([])(address)).toBe(true),
  );

  it.each([
    [['10.0.0.1']],
    [['8.8.8.8', '127.0.0.1']],
    [['fd00:ec2::254', '8.8.8.8']],
    [['::ffff:169.254.169.254']],
    [['64:ff9b::a00:1']],
    [['fe80::1%lo']],
    [[]],
    [['nonsense']],
  ])('When a name resolves to %j, then it is not asked', async (addresses) => {
    const { fetch } = guarded({ lookup: answers(...addresses) });
    await expect(fetch('http://evil.test/', { maxBytes })).rejects.toThrow(ForbiddenAddressError);
  });

  it('When a network is allowed, then its addresses alone are, by name or number', async () => {
    const server = await serve((_, response) => response.end('inside'));
    const { fetch } = guardedFor(server, { allowedNetworks: ['127.0.0.1/32', 'fd00::/8'] });
    const { body, status } = await fetch(`http://[::ffff:127.0.0.1]:${server.port}/`, { maxBytes });
    expect([status, await text(body)]).toEqual([200, 'inside']);
    await expect(fetch(`http://127.0.0.2:${server.port}/`, { maxBytes })).rejects.toThrow(
      ForbiddenAddressError,
    );
  });

  it('When a name changes its address after the check, then the connection goes to the one that was checked', async () => {
    const server = await serve((request, response) => response.end(request.headers.host));
    const lookups: string[] = [];
    const rebinding: Lookup = (hostname, options, callback) => {
      lookups.push(hostname);
      answers(lookups.length === 1 ? '127.0.0.1' : '127.0.0.2')(hostname, options, callback);
    };
    // Only what is answered first is allowed, and only there somebody listens.
    const { fetch } = guardedFor(server, { allowedNetworks: ['127.0.0.1/32'], lookup: rebinding });
    const first = await fetch(`http://rebind.test:${server.port}/`, {
      maxBytes,
      headers: { connection: 'close' },
    });
    expect(await text(first.body)).toBe(`rebind.test:${server.port}`);
    expect(lookups).toEqual(['rebind.test']);
    await expect(fetch(`http://rebind.test:${server.port}/`, { maxBytes })).rejects.toThrow(
      ForbiddenAddressError,
    );
  });
});

describe('GuardedFetch: URLs', () => {
  it.each([
    'ftp://example.org/a.jpg',
    'file:///etc/passwd',
    'data:image/png;base64,AAAA',
    'gopher://example.org/',
    'javascript:alert(1)',
    'blob:http://example.org/1',
    '//example.org/a.jpg',
    '/a.jpg',
    'a.jpg',
    'http://',
    '',
    'http://user:password@example.org/',
    'http://user@example.org/',
    'http://example.org:22/',
    'https://example.org:80443/',
    'http://example.org:8080/',
    'http://256.256.256.256/',
  ])('When the URL is %j, then it is not asked', async (url) => {
    const { fetch } = guarded({ lookup: answers('127.0.0.1') });
    await expect(fetch(url, { maxBytes })).rejects.toThrow(ForbiddenUrlError);
  });
});

describe('GuardedFetch: redirects', () => {
  const redirectTo = (location: string) =>
    serve((_, response) => response.writeHead(302, { location }).end('moved'));

  it.each(['http://169.254.169.254/latest/meta-data/', 'http://[::1]/', 'http://evil.test/', '//10.0.0.1/'])(
    'When it redirects to %s, then that is not asked',
    async (location) => {
      const server = await redirectTo(location);
      const lookup: Lookup = (hostname, options, callback) =>
        answers(hostname === 'evil.test' ? '192.168.0.1' : '127.0.0.1')(hostname, options, callback);
      const { fetch } = guardedFor(server, {
        ports: [server.port, 80],
        allowedNetworks: ['127.0.0.1/32'],
        lookup,
      });
      await expect(fetch(`${server.url}/`, { maxBytes })).rejects.toThrow(ForbiddenAddressError);
    },
  );

  it.each(['ftp://example.org/', 'http://a:b@127.0.0.1/', 'http://127.0.0.1:25/'])(
    'When it redirects to %s, then that is not asked',
    async (location) => {
      const server = await redirectTo(location);
      await expect(guardedFor(server).fetch(server.url, { maxBytes })).rejects.toThrow(ForbiddenUrlError);
    },
  );

  it('When it redirects three times, then the answer is the last; a fourth is one too many', async () => {
    const server = await serve(({ url = '' }, response) => {
      const left = Number(url.slice(1));
      if (left === 0) response.end('here');
      else response.writeHead(307, { location: `/${left - 1}` }).end();
    });
    const { fetch } = guardedFor(server);
    const { url, body } = await fetch(`${server.url}/3`, { maxBytes });
    expect([url, await text(body)]).toEqual([`${server.url}/0`, 'here']);
    await expect(fetch(`${server.url}/4`, { maxBytes })).rejects.toThrow(TooManyRedirectsError);
  });

  it('When it redirects to itself, then that ends', async () => {
    const server = await redirectTo('/');
    await expect(guardedFor(server).fetch(server.url, { maxBytes })).rejects.toThrow(TooManyRedirectsError);
  });

  it.each([
    ['no redirect is wanted', { maxRedirects: 0 }],
    ['it is a POST', { method: 'POST' as const, body: '{}' }],
  ])('When %s, then a 3xx is the answer', async (_case, request) => {
    const server = await redirectTo('http://127.0.0.1:1/');
    const { status, headers, body } = await guardedFor(server).fetch(server.url, { maxBytes, ...request });
    expect([status, headers.get('location'), await text(body)]).toEqual([
      302,
      'http://127.0.0.1:1/',
      'moved',
    ]);
  });

  it('When it redirects to another origin, then no secret goes there', async () => {
    const other = await serve((request, response) => response.end(JSON.stringify(request.headers)));
    const server = await redirectTo(other.url);
    const { fetch } = guardedFor(server, { ports: [server.port, other.port] });
    const headers = { Authorization: 'Bearer secret', accept: 'image/*' };
    const { body } = await fetch(server.url, { maxBytes, headers });
    const received = JSON.parse(await text(body));
    expect(received).toMatchObject({ accept: 'image/*' });
    expect(received).not.toHaveProperty('authorization');
  });
});

describe('GuardedFetch: answers', () => {
  it('When something is posted, then method, headers and body arrive', async () => {
    const server = await serve((request, response) => {
      void text(request).then((body) =>
        response.end([request.method, request.headers['x-a'], body].join(' ')),
      );
    });
    const { body } = await guardedFor(server).fetch(server.url, {
      method: 'POST',
      headers: { 'x-a': '1' },
      body: 'äöü',
      maxBytes,
    });
    expect(await text(body)).toBe('POST 1 äöü');
  });

  it('When the body has exactly as many bytes as allowed, then it is read; one more, and it fails', async () => {
    const server = await serve((request, response) => {
      response.flushHeaders(); // no content-length
      response.end(Buffer.alloc(request.url === '/more' ? maxBytes + 1 : maxBytes));
    });
    const { fetch } = guardedFor(server);
    expect(await buffer((await fetch(server.url, { maxBytes })).body)).toHaveLength(maxBytes);
    const { body } = await fetch(`${server.url}/more`, { maxBytes });
    await expect(buffer(body)).rejects.toThrow(ResponseTooLargeError);
  });

  it('When the body never ends, then it is cut and so is the connection', async () => {
    const closed = Promise.withResolvers<void>();
    const server = await serve((request, response) => {
      request.socket.on('close', closed.resolve);
      const write = () => {
        while (response.write(Buffer.alloc(100)));
        response.once('drain', write);
      };
      write();
    });
    const { body } = await guardedFor(server).fetch(server.url, { maxBytes });
    await expect(buffer(body)).rejects.toThrow(ResponseTooLargeError);
    await closed.promise;
  });

  it('When the length is announced as too large, then not one byte is read', async () => {
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-length': maxBytes + 1 }).flushHeaders();
    });
    const { status, body } = await guardedFor(server).fetch(server.url, { maxBytes });
    expect(status).toBe(200);
    await expect(buffer(body)).rejects.toThrow(ResponseTooLargeError);
  });

  it('When the body is a gzip bomb, then it stays as small as it came', async () => {
    const bomb = gzipSync(Buffer.alloc(500_000));
    const server = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    });
    const { body } = await guardedFor(server).fetch(server.url, { maxBytes });
    expect(await buffer(body)).toEqual(bomb);
  });

  it.each(['nothing', 'headers', 'slow'])(
    'When the server sends %s, then it is given up in time',
    async (sent) => {
      const dripping: NodeJS.Timeout[] = [];
      const server = await serve((_, response) => {
        if (sent !== 'nothing') response.flushHeaders();
        if (sent === 'slow') dripping.push(setInterval(() => response.write('.'), 5));
      });
      const { fetch } = guardedFor(server, { timeoutMs: 100 });
      const read = fetch(server.url, { maxBytes }).then(({ body }) => buffer(body));
      await expect(read).rejects.toThrow(FetchTimeoutError);
      for (const timer of dripping) clearInterval(timer);
    },
  );

  it('When nobody reads a body that fails, then the process lives', async () => {
    const server = await serve((_, response) => {
      response.write('.');
      setImmediate(() => response.destroy());
    });
    const { body } = await guardedFor(server).fetch(server.url, { maxBytes });
    await new Promise((resolve) => body.once('close', resolve));
    expect(body.errored).toBeInstanceOf(FetchFailedError);
  });

  it.each(['before the answer', 'within the answer'])(
    'When the caller gives up %s, then it ends so',
    async (when) => {
      const gaveUp = new AbortController();
      const server = await serve((_, response) => {
        if (when === 'within the answer') response.write('.');
        setImmediate(() => gaveUp.abort(new Error('enough')));
      });
      const { fetch } = guardedFor(server);
      const read = fetch(server.url, { maxBytes, signal: gaveUp.signal }).then(({ body }) => buffer(body));
      await expect(read).rejects.toThrow('enough');
    },
  );

  it.each([
    ['cuts the connection', (response: Parameters<RequestListener>[1]) => response.destroy()],
    ['speaks no HTTP', (response: Parameters<RequestListener>[1]) => response.socket!.end('SSH-2.0-x\r\n')],
    [
      'sends endless headers',
      (response: Parameters<RequestListener>[1]) =>
        response.socket!.end(`HTTP/1.1 200 OK\r\n${'X-A: aaaaaaaaaaaaaaaa\r\n'.repeat(10_000)}`),
    ],
  ])('When the server %s, then the error says that it failed', async (_case, misbehave) => {
    const server = await serve((_, response) => misbehave(response));
    await expect(guardedFor(server).fetch(server.url, { maxBytes })).rejects.toThrow(FetchFailedError);
  });

  it('When a name is unknown, then the error says so', async () => {
    const unknown: Lookup = (_hostname, _options, callback) =>
      callback(Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' }), []);
    const asked = guarded({ lookup: unknown }).fetch('http://unknown.test/', { maxBytes });
    await expect(asked).rejects.toThrow('its name is not known');
  });

  it('When TLS is asked for another name than the certificate has, then nothing is sent', async () => {
    const server = await serve((request, response) => response.end(request.headers.host), rightTest);
    const { fetch } = guardedFor(server, { lookup: answers('127.0.0.1'), ca: rightTest.cert });
    const right = await fetch(`https://right.test:${server.port}/`, { maxBytes });
    expect(await text(right.body)).toBe(`right.test:${server.port}`);
    const wrong = fetch(`https://wrong.test:${server.port}/`, { maxBytes });
    await expect(wrong).rejects.toThrow('its certificate is for another name');
  });

  it('When the certificate is nobody’s that is trusted, then nothing is sent', async () => {
    const server = await serve((_, response) => response.end(), rightTest);
    const { fetch } = guardedFor(server, { lookup: answers('127.0.0.1') });
    await expect(fetch(`https://right.test:${server.port}/`, { maxBytes })).rejects.toThrow('is not trusted');
  });
});
