/** `npm run demo`: shows what the server at IO_URL makes of the sample images. */
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ApiError, NoAnswerError } from './demo/api-client.ts';
import { DemoError, runDemo } from './demo/run-demo.ts';

const { IO_URL = 'http://localhost:8080', IO_EMAIL, IO_PASSWORD } = process.env;

try {
  await runDemo({
    url: IO_URL,
    email: IO_EMAIL,
    password: IO_PASSWORD,
    samples: join(import.meta.dirname, '../e2e/samples'),
    width: process.stdout.columns ?? 160,
    print: (line) => console.log(line),
    progress: (line) => void (process.stdout.isTTY && process.stdout.write(`\r\u001b[K${line}`)),
    wait: setTimeout,
  });
} catch (error) {
  const expected = [DemoError, ApiError, NoAnswerError].some((type) => error instanceof type);
  console.error(expected ? (error as Error).message : error);
  process.exitCode = 1;
}
