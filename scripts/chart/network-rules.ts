interface Selector {
  matchLabels?: Record<string, string>;
}
interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
}
interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { port: number }[];
}
interface NetworkPolicy {
  kind: 'NetworkPolicy';
  spec: { podSelector: Selector; ingress?: Rule[]; egress?: Rule[] };
}
/** What one end of a connection allows; `to` is `name:port`. */
interface Edge {
  from: string;
  to: string;
}

const componentOf = (selector: Selector) =>
  selector.matchLabels?.['app.kubernetes.io/component'] ?? 'every pod';

function nameOf({ podSelector, namespaceSelector, ipBlock }: Peer): string {
  if (ipBlock) return ipBlock.cidr + (ipBlock.except ? ` but ${ipBlock.except.length} networks` : '');
  const namespace =
    namespaceSelector && `namespace ${Object.values(namespaceSelector.matchLabels ?? {}).join()}`;
  return [namespace, podSelector && componentOf(podSelector)].filter(Boolean).join(' ');
}
const namesOf = (peers: Peer[] = []) => (peers.length ? peers.map(nameOf) : ['anywhere']);
const portsOf = ({ ports }: Rule) => ports?.map(({ port }) => port) ?? ['any port'];

const sentBy = ({ spec: { podSelector, egress = [] } }: NetworkPolicy): Edge[] =>
  egress.flatMap((rule) =>
    portsOf(rule).flatMap((port) =>
      namesOf(rule.to).map((to) => ({ from: componentOf(podSelector), to: `${to}:${port}` })),
    ),
  );
const takenBy = ({ spec: { podSelector, ingress = [] } }: NetworkPolicy): Edge[] =>
  ingress.flatMap((rule) =>
    portsOf(rule).flatMap((port) =>
      namesOf(rule.from).map((from) => ({ from, to: `${componentOf(podSelector)}:${port}` })),
    ),
  );

const isPod = (name: string) => !/^(anywhere|namespace |[\da-f.:]+\/)/.test(name);
const has = (edges: Edge[], wanted: Edge) =>
  edges.some(({ from, to }) => from === wanted.from && to === wanted.to);

/**
 * Who may talk to whom, a line for each who talks: `ocr → mongo:27017, rabbitmq:5672`. Between two pods both ends have to
 * allow a connection; where one does not, that is said behind it.
 * @param objects of Kubernetes, of any kind
 */
export function networkTable(objects: object[]): string {
  const policies = objects.filter(
    (object): object is NetworkPolicy => 'kind' in object && object.kind === 'NetworkPolicy',
  );
  const [sent, taken] = [policies.flatMap(sentBy), policies.flatMap(takenBy)];
  const missing = (edge: Edge) => {
    if (isPod(edge.from) && !has(sent, edge)) return ' (not let out)';
    const letIn = has(taken, edge) || has(taken, { ...edge, from: 'anywhere' });
    return isPod(edge.to) && !letIn ? ' (not let in)' : '';
  };
  const lines = new Map<string, Set<string>>();
  for (const edge of [...sent, ...taken])
    lines.set(edge.from, (lines.get(edge.from) ?? new Set()).add(`${edge.to}${missing(edge)}`));
  return [...lines]
    .map(([from, to]) => `${from} → ${[...to].sort().join(', ')}\n`)
    .sort()
    .join('');
}
