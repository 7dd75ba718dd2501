import { createGuardedFetch } from '@image-organizer/adapters/http-client/guarded-fetch';
import { createEmlMailer } from '@image-organizer/adapters/mailer/eml-files';
import { createSmtpMailer } from '@image-organizer/adapters/mailer/smtp';
import { runService } from '@image-organizer/pipeline/run-service';
import { readNotificationConfig } from './config.ts';
import { createNotificationService } from './service.ts';

await runService('notification', readNotificationConfig, (servers, config) => {
  const { mailer, fetch } = config;
  const created =
    mailer.kind === 'smtp' ? createSmtpMailer({ ...servers, url: mailer.url }) : createEmlMailer(mailer);
  const service = createNotificationService({
    ...servers,
    mailer: created,
    http: createGuardedFetch(fetch),
    config,
  });
  return {
    ...service,
    async stop() {
      await service.stop();
      await created.close(); // the connections that it keeps would keep the process
    },
  };
});
