import type { EventDefinition } from '@image-organizer/contracts/define-event';
import type { Log } from '@image-organizer/platform/log';
import type { OutgoingMessage, Subscription } from './message-bus.ts';

type Handler = (message: OutgoingMessage) => void;

/** Who is told of what is published, in a later macrotask, so that a publisher never runs a handler. */
export function createMemorySubscribers(log: Log) {
  const subscribers = new Map<Subscription, { events: Set<string>; handler: Handler }>();

  function tellAll(message: OutgoingMessage) {
    for (const { events, handler } of subscribers.values()) {
      if (!events.has(message.event)) continue;
      try {
        handler({ ...message });
      } catch (error) {
        log.error({ err: error, event: message.event }, 'a subscriber failed');
      }
    }
  }
  return {
    add(events: readonly EventDefinition[], handler: Handler): Subscription {
      const subscription = { cancel: async () => void subscribers.delete(subscription) };
      subscribers.set(subscription, { events: new Set(events.map(({ name }) => name)), handler });
      return subscription;
    },
    tell: (message: OutgoingMessage) => void setImmediate(tellAll, message),
    clear: () => subscribers.clear(),
  };
}
