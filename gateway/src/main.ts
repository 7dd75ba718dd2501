import { runService } from '@image-organizer/pipeline/run-service';
import { readGatewayConfig } from './config.ts';
import { createGatewayService } from './service.ts';

await runService('gateway', readGatewayConfig, (servers, config) =>
  createGatewayService({ ...servers, authUrl: config.authUrl, config }),
);
