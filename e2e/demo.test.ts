import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDemo, type DemoOptions } from '../scripts/demo/run-demo.ts';
import { startFakeGateway } from './fake-gateway.ts';

const account = { email: 'ann@example.org', password: 'secret' };

describe('the demo', () => {
  let gateway: Awaited<ReturnType<typeof startFakeGateway>>;
  let samples: string;

  const demo = async (options: Partial<DemoOptions> = {}) => {
    const lines: string[] = [];
    const print = (line: string) => void lines.push(line);
    await runDemo({
      url: gateway.url,
      ...account,
      samples,
      width: 80,
      print,
      progress: () => {},
      wait: async () => {},
      ...options,
    });
    return lines;
  };

  beforeEach(async () => {
    gateway = await startFakeGateway(account);
    samples = await mkdtemp(join(tmpdir(), 'demo-'));
    const files = { 'a.jpg': 'an image', 'b.jpg': 'another', 'c.jpg': 'bad bytes' };
    for (const [name, content] of Object.entries(files)) await writeFile(join(samples, name), content);
    await writeFile(
      join(samples, 'manifest.json'),
      JSON.stringify(Object.keys(files).map((file) => ({ file }))),
    );
  });
  afterEach(async () => {
    await gateway.stop();
    await rm(samples, { recursive: true, force: true });
  });

  it('When the server is busy, then it waits as long as asked and goes on', async () => {
    gateway.mishaps.push('busy');
    const wait = jest.fn(async () => {});
    expect(await demo({ wait })).toContain('Refused:');
    expect(wait).toHaveBeenCalledWith(1_000);
  });

  it('When it has run, then it has printed each file in its folder with the reason, what was refused, and searches', async () => {
    const lines = await demo();
    expect(lines).toEqual([
      '2 images were accepted. The catalogue:',
      '  Receipts/  (2)',
      '    a.jpg  90 %: it says total, cash and change',
      '    b.jpg  90 %: it says total, cash and change',
      '',
      'Refused:',
      '    c.jpg  c.jpg is "not an image"',
      '',
      'Search (GET /api/images?q=…):',
      '    total    2 found: a.jpg, b.jpg',
      '    dear     2 found: a.jpg, b.jpg',
      '    seat     2 found: a.jpg, b.jpg',
    ]);
  });

  it('When the terminal is narrow, then no line is wider', async () => {
    const lines = await demo({ width: 30 });
    expect(Math.max(...lines.slice(1, 4).map((line) => line.length))).toBe(30);
    expect(lines[2]).toMatch(/^ {4}a\.jpg .*…$/);
  });

  it('When it runs twice, then the images are there once', async () => {
    expect(await demo()).toEqual(await demo());
    expect(gateway.images).toHaveLength(2);
  });

  it.each([
    ['no server answers', { url: 'http://127.0.0.1:1' }, /No server answers at .*npm start/],
    ['the password is missing', { password: undefined }, /Set IO_EMAIL and IO_PASSWORD/],
    ['the password is wrong', { password: 'no' }, /refused the login: Wrong email or password/],
  ])('When %s, then it says what to do', async (_case, options, message) => {
    await expect(demo(options)).rejects.toThrow(message);
  });
});
