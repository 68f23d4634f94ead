import assert from 'node:assert/strict';
import { rules } from '../../../server/rules/index.ts';
import { explanationView } from '../../../server/services/explain.ts';
import { rethrow } from '../../support/check.ts';
import { readSite } from '../../support/site.ts';

suite('explanations for an editor', () => {
  const { world } = readSite(`--- etc/pve/nodes/pve1/qemu-server/102.conf
hostpci0: 02:00,pcie=1
--- etc/pve/nodes/pve1/qemu-server/103.conf
hostpci0: 03:00,pcie=1
`);
  const texts = {
    'hostpci/pcie-needs-q35': { severity: 'error', languages: [], what: 'A.', why: 'B.', source: 'C' },
  } as const;
  const view = (text: string, about?: string) =>
    explanationView(
      text,
      world,
      { rules, onCrash: rethrow },
      texts,
      [...world.files.values()].find(({ uri }) => uri.endsWith(about ?? '?')),
    );

  test('of all guests where nobody says which, of one where it is asked in its file', () => {
    const message = 'q35 machine model is not enabled';
    assert.equal(view(message).matches[0]?.findings.length, 2);
    assert.deepEqual(
      view(message, '103.conf').matches[0]?.findings.map(({ uri, range }) => [uri.slice(-8), range.start.line]),
      [['103.conf', 0]],
    );
  });

  test('Markdown with links to the lines and to the rules, and what a text says escaped', () => {
    const { markdown } = view('q35 machine model is not enabled');
    assert.match(markdown, /^### q35 machine model is not enabled\n/);
    assert.match(markdown, /\[.*102\.conf:1\]\(file:.*102\.conf#L1\): .*\(\[hostpci\/pcie-needs-q35\]\(https:/);
    const hostile = view('romfile "[x](command:evil)<b>" is empty').markdown;
    assert.ok(!hostile.includes('[x](command:evil)'), hostile);
    assert.ok(!hostile.includes('<b>'), hostile);
  });

  test('a rule without a file at hand is named with what it reports', () => {
    const { matches, markdown } = view('q35 machine model is not enabled', '102.conf');
    assert.deepEqual(
      matches[0]?.rules.map(({ id, what }) => [id, what]),
      [['hostpci/pcie-needs-q35', 'A.']],
    );
    assert.match(markdown, /In your files/);
    assert.match(view('no such serial device').markdown, /No file at hand shows the cause/);
  });

  test('a text that is no message', () => {
    assert.deepEqual(view('good morning').matches, []);
    assert.match(view('good morning').markdown, /Nothing in this text/);
  });
});
