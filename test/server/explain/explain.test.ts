import assert from 'node:assert/strict';
import { type Clue, explain, speakers } from '../../../server/explain/explain.ts';
import type { Explanation } from '../../../server/explain/explanation.ts';
import { findingsFor } from '../../../server/explain/findings.ts';
import { rules } from '../../../server/rules/index.ts';
import { rethrow } from '../../support/check.ts';
import { readSite } from '../../support/site.ts';
import { healthy, samples } from './messages.ts';

const alone = (text: string): Explanation => explain(text, () => []);

suite('explain', () => {
  for (const [speaker, messages] of Object.entries(samples)) {
    test(`${speaker}: ${messages.length} messages lead to their rules`, () => {
      const wrong = messages.flatMap(([message, rule]) => {
        const [first] = alone(message).matches;
        return first && first.rules[0] === rule ? [] : [`${message}: ${first?.rules[0]}`];
      });
      assert.deepEqual(wrong, []);
    });
  }

  test('every known message has a sample, and every rule it names exists', () => {
    const texts = Object.values(samples).flatMap(list => list.map(([message]) => message));
    const known = new Set(rules.map(rule => rule.id));
    const all = speakers.flatMap(one => one.symptoms);
    assert.deepEqual(
      all.filter(({ pattern }) => !texts.some(text => pattern.test(text))).map(({ pattern }) => pattern.source),
      [],
    );
    assert.deepEqual(
      all.flatMap(one => one.rules).filter(id => !known.has(id)),
      [],
    );
  });

  test('hosts that are well have nothing to explain', () => {
    assert.deepEqual(alone(healthy.join('\n')).matches, []);
  });

  test('finds the line, fills in what the message says, and tells each thing once', () => {
    const log = `task started\n\u001b[31mTASK ERROR: PCI device ‘0000:01:00.0’ already in use by VMID ‘102’\u001b[0m
TASK ERROR: PCI device '0000:01:00.0' already in use by VMID '102'\n`;
    const { matches } = alone(log);
    assert.equal(matches.length, 1);
    assert.equal(matches[0]?.line, 1);
    assert.match(matches[0]?.meaning ?? '', /^VM 102 has 0000:01:00\.0 /);
  });

  test('a message that a terminal wrapped is still known', () => {
    const wrapped = 'kvm: -device vfio-pci,host=0000:01:00.0: vfio 0000:01:00.0: group 14 is not\nviable\n';
    assert.deepEqual(
      alone(wrapped).matches.map(({ rules: ids }) => ids[0]),
      ['iommu/group-not-viable'],
    );
  });

  test('asks for findings once, about the guests that the text names', () => {
    const asked: Clue[] = [];
    explain(
      "start failed for VM 101: could not find a free device for 'hostpci0'\nq35 machine model is not enabled",
      clue => {
        asked.push(clue);
        return [];
      },
    );
    assert.equal(asked.length, 1);
    assert.deepEqual([...(asked[0]?.guests ?? [])], [101]);
    assert.ok(asked[0]?.rules.has('hostpci/pcie-needs-q35'));
  });

  test('leads to the line in the files at hand: of the guest, and on the line that the message means', () => {
    const { world } = readSite(`--- etc/pve/nodes/pve1/qemu-server/101.conf
machine: q35
hostpci0: 01:00,pcie=1
hostpci1: gpu
--- etc/pve/nodes/pve1/qemu-server/102.conf
hostpci0: 02:00,pcie=1
hostpci1: gpu
`);
    const ask = (text: string) =>
      explain(text, clue => findingsFor(world, { rules, onCrash: rethrow }, clue, undefined)).matches.map(match =>
        match.findings.map(one => `${one.uri.split('/').at(-1)}:${one.span.line + 1} ${one.rule}`),
      );
    assert.deepEqual(ask('q35 machine model is not enabled'), [['102.conf:1 hostpci/pcie-needs-q35']]);
    assert.deepEqual(ask('start of VM 101 failed: q35 machine model is not enabled'), [[]]);
    assert.deepEqual(ask("vm 101 - unable to parse value of 'hostpci1' - format error"), [
      ['101.conf:3 vmconf/bad-sub-value'],
    ]);
  });

  test('any text is answered: empty, huge, binary', () => {
    for (const text of ['', '\n'.repeat(10_000), 'x'.repeat(1_000_000), '\u0000\ud800\uffff', "'".repeat(100_000)]) {
      assert.deepEqual(alone(text).matches, []);
    }
  });
});
