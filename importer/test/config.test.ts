import { ConfigError } from '@image-organizer/platform/config';
import { readImporterConfig } from '../src/config.ts';

it('When nothing is set, then only public addresses on the usual ports are asked', () => {
  expect(readImporterConfig({})).toEqual({
    fetch: { allowedNetworks: [], ports: [80, 443] },
    ...{ concurrency: 8, perHost: 4, pollMs: 5_000, maxBytes: 50 * 1024 * 1024, graceSeconds: 3_600 },
  });
});

it('When networks and ports are set, then they are read as lists', () => {
  const env = { FETCH_ALLOWED_NETWORKS: '10.1.0.0/16, fd00::/8', FETCH_PORTS: '80, 8080' };
  expect(readImporterConfig(env).fetch).toEqual({
    allowedNetworks: ['10.1.0.0/16', 'fd00::/8'],
    ports: [80, 8080],
  });
});

it.each([
  ['FETCH_ALLOWED_NETWORKS', '10.0.0.1'],
  ['FETCH_ALLOWED_NETWORKS', 'intranet'],
  ['FETCH_PORTS', 'https'],
  ['FETCH_PORTS', '80,70000'],
  ['IMPORT_CONCURRENCY', '0'],
  ['IMPORT_PER_HOST', 'many'],
])('When %s is %s, then the problem names it', (name, value) => {
  const read = () => readImporterConfig({ [name]: value });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(name);
});
