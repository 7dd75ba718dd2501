import { ConfigError } from '@image-organizer/platform/config';
import { readOrganizerConfig } from '../src/config.ts';

const s3 = {
  S3_ENDPOINT: 'https://s3.example.org/',
  S3_BUCKET: 'images',
  S3_ACCESS_KEY_ID: 'key',
  S3_SECRET_ACCESS_KEY: 'secret',
};

it('When no S3 is set, then no copy of the library is kept', () => {
  expect(readOrganizerConfig({}).s3).toBeUndefined();
});

it('When S3 is set, then the library is copied there', () => {
  expect(readOrganizerConfig({ ...s3, S3_PUBLIC_URL: 'https://cdn.example.org' }).s3).toEqual({
    endpoint: 'https://s3.example.org',
    region: 'us-east-1',
    bucket: 'images',
    accessKeyId: 'key',
    secretAccessKey: 'secret',
    forcePathStyle: true,
    publicUrl: 'https://cdn.example.org',
  });
});

it.each(Object.keys(s3))('When S3 is set but for %s, then the problem names it and no value', (missing) => {
  const read = () => readOrganizerConfig({ ...s3, [missing]: '' });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(`${missing}: is needed`);
  expect(read).not.toThrow('secret');
});
