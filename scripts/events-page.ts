import {
  deliveryLimit,
  rabbitMqTopology,
  type QueueDeclaration,
} from '@image-organizer/adapters/message-bus/rabbitmq-topology';
import { queues } from '@image-organizer/contracts/topology';
import { retryDelaysMs } from '@image-organizer/pipeline/retry-policy';

/** docs/events.md: what runs over the bus, drawn from the data that declares it. */
export function eventsPage(): string {
  const topology = rabbitMqTopology(Object.values(queues), { retryDelaysMs });
  const { events, imports, deadLetters, deadLetterQueue, lanes } = topology;
  const example = lanes[0]!;
  return `# Events

Drawn from \`lib/contracts/topology.ts\` by \`node scripts/draw-events.ts\`; a test fails when this page is out of date.

\`\`\`mermaid
flowchart LR
${diagramLines().join('\n')}
\`\`\`

## Queues

Each queue exists once per lane. \`${events.name}\` and \`${imports.name}\` (for events that begin with \`import.\`) are topic exchanges; the routing key is the event's name, with \`.bulk\` for the bulk lane.

${table(
  ['event', 'lane', 'routing key', 'queue', 'service'],
  lanes.map(({ definition, lane, work }) => [
    definition.event.name,
    lane,
    code(work.bindings[0]!.routingKey),
    code(work.name),
    serviceOf(definition.name),
  ]),
)}

Subscribers (the gateway's live streams) have queues of their own on the topic exchange \`hints\`, with the same routing keys: exclusive, at most 1,000 messages, the oldest dropped. A publisher sends there what a work queue has confirmed; on \`images\` they would hide that no work queue takes a message.

## Retries and dead letters

A retry is published to the tier of its queue and comes back from there after the delay. After ${deliveryLimit} lost consumers RabbitMQ moves a message to \`${deadLetterQueue.name}\` by itself, through the direct exchange \`${deadLetters.name}\`; a message that is given up is published there with its reason.

${table(
  ['tier', 'queue', 'delay'],
  example.tiers.map(({ name }, tier) => [
    String(tier + 1),
    code(name.replace(example.work.name, '<queue>')),
    `${retryDelaysMs[tier]! / 1000} s`,
  ]),
)}

## Arguments

They are frozen once a queue is declared. What may change belongs into a policy.

${table(
  ['queue', 'argument', 'value'],
  [
    ...argumentsOf('work', example.work),
    ...argumentsOf('tier', example.tiers[0]!),
    ...argumentsOf('dead letters', deadLetterQueue),
  ].map(([queue, argument, value]) => [queue!, argument!, value!.replaceAll(example.work.name, '<queue>')]),
)}
`;
}

const serviceOf = (queue: string) => queue.split('.')[0]!;
const code = (text: string) => `\`${text}\``;

function diagramLines(): string[] {
  const id = (text: string) => text.replace(/\W/g, '_');
  return Object.values(queues).flatMap(({ name, event }) => [
    `  ${id(event.name)}([${event.name}]) --> ${id(name)}[[${name}]]`,
    `  ${id(name)} --> ${serviceOf(name)}`,
  ]);
}

const argumentsOf = (kind: string, queue: QueueDeclaration) =>
  Object.entries(queue.arguments).map(([argument, value]) => [kind, code(argument), code(String(value))]);

/** Aligned as prettier does it. */
function table(head: string[], rows: string[][]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column]!.length)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
