import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startFakeGateway, type FakeGatewayOptions } from './fake-gateway.ts';

const script = join(import.meta.dirname, '../scripts/upload-folder.sh');
const account = { email: 'ann@example.org', password: 'it\'s "secret" \\ #1' };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

type Gateway = Awaited<ReturnType<typeof startFakeGateway>>;

describe('upload-folder.sh', () => {
  let home: string;
  let gateway: Gateway;

  const start = async (options: Partial<FakeGatewayOptions> = {}) => {
    await gateway?.stop();
    gateway = await startFakeGateway({ ...account, ...options });
  };
  const write = async (files: Record<string, string>) => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(home, 'pictures', name)), { recursive: true });
      await writeFile(join(home, 'pictures', name), content);
    }
  };
  const environment = (extra: Record<string, string> = {}) => ({
    PATH: process.env.PATH,
    LANG: 'C.UTF-8',
    HOME: home,
    XDG_STATE_HOME: join(home, 'state'),
    IO_URL: gateway.url,
    IO_EMAIL: account.email,
    IO_PASSWORD: account.password,
    IO_BACKOFF: '0',
    ...extra,
  });
  const run = async (extra?: Record<string, string>) => {
    const child = spawn('bash', [script, join(home, 'pictures')], {
      env: environment(extra),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (data: Buffer) => (output.stdout += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output.stderr += data.toString()));
    const [code] = (await once(child, 'close')) as [number];
    return { code, ...output };
  };
  const sentNames = () => gateway.uploads.flatMap(({ files }) => files.map(({ name }) => name)).sort();
  const storedNames = () => gateway.images.map(({ filename }) => filename).sort();
  const manyFiles = (count: number, prefix = 'scan') =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`${prefix}-${index}.jpg`, `${prefix} ${index}`]),
    );

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'upload-folder-'));
    await start();
  });
  afterEach(() => rm(home, { recursive: true, force: true }));
  afterAll(() => gateway.stop());

  it('When a folder is uploaded, then every image below it arrives once, unchanged, in requests of at most 20', async () => {
    await write({ ...manyFiles(23), 'a/b/Deep.JPEG': 'deep', 'c.PNG': 'png', 'd.webp': 'w', 'e.tiff': 't' });
    await write({ 'notes.txt': 'not an image', '._scan-1.jpg': 'what macOS leaves behind' });
    const { code, stdout } = await run();
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('Uploaded 27, already there 0, refused 0.'),
    });
    expect(gateway.uploads.map(({ files }) => files.length)).toEqual([20, 7]);
    expect(storedNames()).toEqual(
      [...Object.keys(manyFiles(23)), 'Deep.JPEG', 'c.PNG', 'd.webp', 'e.tiff'].sort(),
    );
    const sent = gateway.uploads.flatMap(({ files }) => files);
    expect(sent).toContainEqual({ name: 'Deep.JPEG', type: 'image/jpeg', sha256: sha256('deep') });
    expect(sent).toContainEqual({ name: 'c.PNG', type: 'image/png', sha256: sha256('png') });
    expect(stdout).toContain('[27/27 100%] uploaded ');
  });

  it('When names have blanks, quotes, newlines and other signs, then the files arrive under readable names', async () => {
    await write({
      'two  words.jpg': '1',
      'say "hi".jpg': '2',
      "it's.jpg": '3',
      'line\nbreak.jpg': '4',
      'back\\slash;type=x,y.jpg': '5',
      '-o $(touch hacked) `id` *.jpg': '6',
      'été 日本 🏖.jpg': '7',
      '@file<.jpg': '8',
      'di"r\n\\/x.jpg': '9',
    });
    const { code } = await run();
    expect(code).toBe(0);
    expect(storedNames()).toEqual(
      [
        'two  words.jpg',
        "say 'hi'.jpg",
        "it's.jpg",
        'line break.jpg',
        'back_slash;type=x,y.jpg',
        '-o $(touch hacked) `id` *.jpg',
        'été 日本 🏖.jpg',
        '@file<.jpg',
        'x.jpg',
      ].sort(),
    );
    expect((await run()).stdout).toContain('Uploaded 0, already there 9, refused 0.');
  });

  it('When it runs again, then only what is new or changed is sent', async () => {
    await write({ 'a.jpg': 'one', 'b.jpg': 'two' });
    await run();
    await write({ 'b.jpg': 'TWO', 'c.jpg': 'three', 'copies/a.jpg': 'one' });
    const { stdout } = await run();
    expect(stdout).toContain('Uploaded 2, already there 2, refused 0.');
    expect(sentNames()).toEqual(['a.jpg', 'b.jpg', 'b.jpg', 'c.jpg']);
  });

  it('When it is killed while the server stores a batch, then the next run goes on and no image is there twice', async () => {
    await write({ ...manyFiles(44), 'refused.jpg': 'bad bytes' });
    gateway.mishaps.push(undefined, 'silent');
    const child = spawn('bash', [script, join(home, 'pictures')], {
      env: environment(),
      detached: true,
      stdio: 'ignore',
    });
    const killed = once(child, 'exit');
    await gateway.silence;
    process.kill(-child.pid!, 'SIGKILL');
    await killed;
    const beforeKill = gateway.uploads[0]!.files.map(({ sha256: hash }) => hash);

    await write({ 'new.jpg': 'came in between' });
    const { code } = await run();
    expect(code).toBe(1);
    expect(storedNames()).toEqual([...Object.keys(manyFiles(44)), 'new.jpg'].sort());
    expect(gateway.uploads[2]).toEqual(gateway.uploads[1]);
    const accepted = new Set(beforeKill.filter((hash) => hash !== sha256('bad bytes')));
    const resent = gateway.uploads.slice(2).flatMap(({ files }) => files);
    expect(resent.filter(({ sha256: hash }) => accepted.has(hash))).toEqual([]);
  });

  it('When files of an interrupted batch changed, then the new contents arrive', async () => {
    await write({ 'a.jpg': 'one', 'b.jpg': 'two' });
    gateway.mishaps.push('lost');
    expect((await run({ IO_RETRIES: '0' })).code).toBe(2);
    await write({ 'b.jpg': 'TWO' });
    expect((await run()).code).toBe(0);
    expect(gateway.uploads[1]!.files.map(({ sha256: hash }) => hash).sort()).toEqual(
      [sha256('one'), sha256('TWO')].sort(),
    );
    expect(gateway.uploads[1]!.key).not.toBe(gateway.uploads[0]!.key);
  });

  it('When an answer is lost, then the request is repeated with the same key and no image is there twice', async () => {
    await write(manyFiles(3));
    gateway.mishaps.push('lost');
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout).toContain('no answer from');
    expect(gateway.uploads.map(({ key }) => key)).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
      gateway.uploads[0]!.key,
    ]);
    expect(gateway.images).toHaveLength(3);
  });

  it('When the token expires, then it logs in again', async () => {
    await write(manyFiles(21));
    gateway.mishaps.push(undefined, 'expired');
    expect((await run()).code).toBe(0);
    expect(gateway.logins).toBe(2);
    expect(gateway.images).toHaveLength(21);
  });

  it('When the server is busy or ill, then it waits as long as asked and tries again', async () => {
    await write(manyFiles(2));
    gateway.mishaps.push('busy', 'broken');
    const { code, stdout } = await run();
    expect(code).toBe(0);
    expect(stdout).toContain('answered 429; trying again in 1 s');
    expect(stdout).toContain('answered 503; trying again in 0 s');
    expect(gateway.images).toHaveLength(2);
  });

  it('When files are refused, then the others are uploaded, the reasons are listed and the exit code is 1', async () => {
    await write({ 'good.jpg': 'good', 'sub/page.png': 'bad page', 'also.gif': 'good too' });
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(storedNames()).toEqual(['also.gif', 'good.jpg']);
    expect(stdout).toContain(
      'Uploaded 2, already there 0, refused 1.\n  sub/page.png: page.png is "not an image"\n',
    );
  });

  it('When nothing of a request is accepted, then each file is listed with its own reason', async () => {
    await write({ 'one.jpg': 'bad 1', 'two.jpg': 'bad 2' });
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(stdout).toContain('  one.jpg: one.jpg is "not an image"\n');
    expect(stdout).toContain('  two.jpg: two.jpg is "not an image"\n');
  });

  it('When the server keeps files under other names, then each is still told accepted or refused', async () => {
    await start({ rename: (name) => name.normalize('NFC') });
    await write({
      'plain.jpg': 'good',
      'cafe\u0301.jpg': 'good cafe',
      're\u0301sume\u0301.jpg': 'bad resume',
    });
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(stdout).toContain('refused 1.\n  re\u0301sume\u0301.jpg: ');
    expect((await run()).stdout).toContain('Uploaded 0, already there 2, refused 1.');
  });

  it('When a request is too large for the server, then it is halved until it fits', async () => {
    await start({ maxRequestBytes: 4000 });
    await write({
      ...Object.fromEntries(Object.keys(manyFiles(4)).map((name) => [name, name.padEnd(1200, '.')])),
      'huge.jpg': 'x'.repeat(9000),
    });
    const { code, stdout } = await run();
    expect(code).toBe(1);
    expect(storedNames()).toEqual(Object.keys(manyFiles(4)).sort());
    expect(stdout).toContain('huge.jpg: The request is too large');
  });

  it('When files have one name in different folders, then they go in different requests', async () => {
    await write({ '2022/img.jpg': 'first', '2023/img.jpg': 'bad second' });
    const { stdout } = await run();
    expect(gateway.uploads.map(({ files }) => files.length)).toEqual([1, 1]);
    expect(stdout).toContain('refused 1.\n  2023/img.jpg: ');
  });

  it('When curl is started, then neither password nor token is in its arguments or environment', async () => {
    await write(manyFiles(1));
    const seen = join(home, 'seen');
    await mkdir(join(home, 'bin'));
    await writeFile(
      join(home, 'bin/curl'),
      `#!/bin/bash\nprintf '%s\\n' "$@" >>'${seen}'; env >>'${seen}'\nPATH=\${PATH#*:} exec curl "$@"\n`,
    );
    await chmod(join(home, 'bin/curl'), 0o755);
    expect((await run({ PATH: `${home}/bin:${process.env.PATH}` })).code).toBe(0);
    const arguments_ = await readFile(seen, 'utf8');
    expect(arguments_).toContain(`${gateway.url}/upload`);
    expect(arguments_).not.toContain('secret');
    expect(arguments_).not.toContain('token-1');
  });

  it.each([
    ['the password is wrong', { IO_PASSWORD: 'no' }, 'wrong email or password'],
    ['the password is missing', { IO_PASSWORD: '' }, 'set IO_EMAIL and IO_PASSWORD'],
    ['the token is not valid', { IO_TOKEN: 'old' }, 'the token in IO_TOKEN is not valid'],
    [
      'no server answers',
      { IO_URL: 'http://127.0.0.1:1', IO_RETRIES: '1' },
      'gave up: no answer from http://127.0.0.1:1',
    ],
  ])('When %s, then it says so and exits with 2', async (_case, settings, message) => {
    await write(manyFiles(1));
    const { code, stderr } = await run(settings);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
    expect(gateway.images).toEqual([]);
  });
});
