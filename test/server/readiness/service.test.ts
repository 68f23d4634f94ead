import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createLanguageService } from '../../../server/languageService.ts';
import { library } from '../../support/check.ts';

/** What the editor's view gets. */

const snapshot = readFileSync(new URL('../../snapshots/demo.snapshot', import.meta.url), 'utf8');
const uri = 'file:///t/etc/pve/nodes/pve1/qemu-server/101.conf';
const hostUri = 'file:///t/pve1.snapshot';

async function serviceWith(text: string) {
  const errors: string[] = [];
  const service = createLanguageService({
    files: { read: async () => undefined, list: async () => [] },
    library,
    log: { error: message => void errors.push(message) },
  });
  await service.open(uri, 'pve-vm-conf', 7, text);
  service.setSnapshot(hostUri, snapshot);
  return { service, errors };
}

suite('readiness: the service', () => {
  test('positions, versioned edits and pages of rules', async () => {
    const { service, errors } = await serviceWith('name: win11\nhostpci0: 0000:01:00,pcie=1\n');
    const view = await service.readiness({ kind: 'guest', uri });
    assert.equal(view?.title, 'VM 101 (win11)');
    assert.equal(view?.state, 'failed');
    assert.equal(view?.node, 'pve1');
    const step = view?.stages.find(one => one.id === 'guest')?.steps.find(one => one.id === 'machine');
    assert.deepEqual(step?.evidence[0]?.range?.start, { line: 1, character: 26 });
    const [change] = step?.fixes[0]?.edit.documentChanges ?? [];
    assert.deepEqual(change && 'textDocument' in change && change.textDocument, { uri, version: 7 });
    assert.deepEqual(
      step?.rules.map(({ id }) => id),
      ['hostpci/pcie-needs-q35'],
    );
    assert.match(step?.rules[0]?.url ?? '', /#hostpcipcie-needs-q35$/);
    assert.match(view?.report ?? '', /^### PCI passthrough: VM 101$/m);
    assert.deepEqual(errors, []);
  });

  test('it can be sent: nothing in it gets lost on the way', async () => {
    const { service } = await serviceWith('hostpci0: 0000:01:00\n');
    for (const { subject } of await service.subjects()) {
      const view = await service.readiness(subject);
      assert.ok(view);
      assert.deepEqual(JSON.parse(JSON.stringify(view.stages)), view.stages);
      assert.deepEqual(view.subject, subject);
    }
  });

  test('subjects: VMs with devices first, then devices without bridges, then hosts', async () => {
    const { service } = await serviceWith('hostpci0: 0000:01:00\nname: win11\n');
    const subjects = await service.subjects();
    const kinds = subjects.map(({ subject }) => subject.kind);
    assert.deepEqual([...new Set(kinds)], ['guest', 'device', 'host']);
    assert.deepEqual(subjects[0], {
      subject: { kind: 'guest', uri },
      label: 'VM 101 (win11)',
      description: 'pve1 · hostpci0',
    });
    assert.ok(subjects.some(({ label }) => label === '01:00.0 GeForce RTX 3050 6GB'));
    assert.ok(!subjects.some(({ label }) => label.startsWith('00:01.0')), 'a bridge');
    assert.equal(subjects.at(-1)?.label, 'Host pve1');
  });

  test('a VM without devices is no subject, but can be asked about', async () => {
    const { service } = await serviceWith('memory: 512\n');
    const [first] = await service.subjects();
    assert.equal(first?.subject.kind, 'device');
    const view = await service.readiness({ kind: 'guest', uri });
    assert.equal(
      view?.stages.some(one => one.id.startsWith('device')),
      false,
    );
  });

  test('nothing for what is not there', async () => {
    const { service } = await serviceWith('memory: 512\n');
    assert.equal(await service.readiness({ kind: 'guest', uri: 'file:///gone' }), undefined);
    assert.equal(await service.readiness({ kind: 'device', host: hostUri, address: '0000:7f:00.0' }), undefined);
  });

  test('a lens on each line about a device, with or without a host', async () => {
    const { service } = await serviceWith('hostpci0: 0000:01:00\nmemory: 512\nhostpci1: 0000:03:00.0\n');
    const lines = () =>
      service
        .codeLenses(uri)
        .filter(({ command }) => command?.command === 'hostpci.checkPassthrough')
        .map(({ range, command }) => [range.start.line, command?.arguments]);
    const wanted = [0, 2].map(line => [line, [{ kind: 'guest', uri }]]);
    assert.deepEqual(lines(), wanted);
    service.setSnapshot(hostUri, undefined);
    assert.deepEqual(lines(), wanted);
  });
});
