import { runService } from '@image-organizer/pipeline/run-service';
import { readOcrConfig } from './config.ts';
import { createOcrService } from './service.ts';

await runService('ocr', readOcrConfig, (servers, config) => createOcrService({ ...servers, config }));
