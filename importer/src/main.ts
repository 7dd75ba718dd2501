import { runService } from '@image-organizer/pipeline/run-service';
import { readImporterConfig } from './config.ts';
import { createImporterService } from './service.ts';

await runService('importer', readImporterConfig, (servers, config) =>
  createImporterService({ ...servers, config }),
);
