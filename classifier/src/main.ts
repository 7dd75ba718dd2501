import { runService } from '@image-organizer/pipeline/run-service';
import { readClassifierConfig } from './config.ts';
import { createClassifierService } from './service.ts';

await runService('classifier', readClassifierConfig, (servers, config) =>
  createClassifierService({ ...servers, config }),
);
