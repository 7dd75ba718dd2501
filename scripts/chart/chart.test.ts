import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { queues } from '@image-organizer/contracts/topology';
import { rabbitMqTopology } from '@image-organizer/adapters/message-bus/rabbitmq-topology';
import { networkTable } from './network-rules.ts';

const read = (path: string) => readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

describe('The chart', () => {
  it('When a worker is scaled on its queues, then on all of them and on no retry queue, as the topology names them', () => {
    const { lanes } = rabbitMqTopology(Object.values(queues), { retryDelaysMs: [1] });
    const all = lanes.flatMap(({ work, tiers }) => [work, ...tiers]).map(({ name }) => name);
    for (const service of ['ocr', 'classifier', 'organizer', 'notification']) {
      const template = read(`helm/image-organizer/templates/${service}/autoscaling.yaml`);
      const [, quoted = ''] = /"queues" ("[^"]+")/.exec(template) ?? [];
      const pattern = new RegExp(JSON.parse(quoted) as string);
      const own = lanes.map(({ work }) => work.name).filter((name) => name.startsWith(`${service}.`));
      expect(all.filter((name) => pattern.test(name))).toEqual(own);
    }
  });

  it('When the version of the project changes, then so does that of the images which the chart runs', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(read('helm/image-organizer/Chart.yaml')).toContain(`\nappVersion: ${version}\n`);
  });
});

describe('The table of who may talk to whom', () => {
  const pod = (component: string) => ({ matchLabels: { 'app.kubernetes.io/component': component } });
  const policy = (component: string, spec: object) => ({
    kind: 'NetworkPolicy',
    spec: { podSelector: pod(component), ...spec },
  });
  const toDatabase = { egress: [{ to: [{ podSelector: pod('db') }], ports: [{ port: 3306 }] }] };
  const fromAuth = { ingress: [{ from: [{ podSelector: pod('auth') }], ports: [{ port: 3306 }] }] };

  it('When both ends allow a connection, then it is a line', () => {
    const objects = [policy('auth', toDatabase), policy('db', fromAuth), { kind: 'Service' }];
    expect(networkTable(objects)).toBe('auth → db:3306\n');
  });

  it('When one end does not, then the line says which', () => {
    expect(networkTable([policy('auth', toDatabase)])).toBe('auth → db:3306 (not let in)\n');
    expect(networkTable([policy('db', fromAuth)])).toBe('auth → db:3306 (not let out)\n');
  });

  it('When a rule names nobody, then it is for anybody; namespaces and addresses have their names', () => {
    const open = policy('gateway', {
      ingress: [{ ports: [{ port: 8080 }] }],
      egress: [
        { to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }] },
        { to: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 443 }] },
      ],
    });
    expect(networkTable([open])).toBe(
      'anywhere → gateway:8080\ngateway → 10.0.0.0/8:443, namespace kube-system:any port\n',
    );
  });
});
