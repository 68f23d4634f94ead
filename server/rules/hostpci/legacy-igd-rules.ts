import { type Choice, choicesOf } from '../../facts/passedDevices.ts';
import { configOf, type Entry, flagOf, isFlagOn, property } from '../../languages/vmConf/config.ts';
import { addEntry, removeProperty, setProperty, setValue } from '../../languages/vmConf/edits.ts';
import { machineOf } from '../../languages/vmConf/machine.ts';
import type { Edit } from '../../text/edit.ts';
import { type Span, tokenSpan } from '../../text/span.ts';
import { fixIn } from '../edits.ts';
import type { Finding } from '../rule.ts';
import { atPart, atProperty, atValue, noStart, observed, type Start, startRule } from '../startRule.ts';

export const legacyIgdRules = startRule({
  id: 'hostpci/legacy-igd-rules',
  severity: 'error',
  since: '6.2-4',
  docs: {
    what: 'A `hostpci` entry with `legacy-igd=1` breaks a rule: it must be the only one, with `vga: none`, an i440fx machine, one function at an address that ends in 02.0, its ROM visible, and neither `x-vga`, `mdev` nor alternatives.',
    why: 'Proxmox checks all of them before the start, and the VM does not start.',
    source: observed('QemuServer/PCI.pm'),
  },
  examples: [
    {
      bad: 'hostpci0: 0000:00:02.0,«legacy-igd=1»\n',
      fixed: 'hostpci0: 0000:00:02.0,legacy-igd=1\nvga: none\n',
      good: 'hostpci0: 0000:00:02.0,legacy-igd=1\nmachine: pc\nvga: none\n',
    },
    {
      bad: 'hostpci0: «0000:03:00.0»,legacy-igd=1,«x-vga=1»\nmachine: «q35»\nvga: none\n',
      good: 'hostpci0: 0000:00:02.0,legacy-igd=1,rombar=1\nmachine: pc-i440fx-9.2\nvga: none\n',
    },
  ],
  needs: ['hostpciN.legacy-igd'],
  *find(start) {
    const entries = start.settings.family('hostpci').filter(entry => isFlagOn(entry, 'legacy-igd'));
    const [first, ...others] = entries;
    if (!first) return;
    for (const entry of others)
      yield without(start, entry, 'legacy-igd', `can have one device, and ${first.key} is it`);
    yield* aroundIt(start, first);
    for (const entry of entries) yield* inIt(start, entry);
  },
});

/** What the display and the machine must be. */
function* aroundIt({ settings, file }: Start, entry: Entry): Generator<Finding> {
  const vga = settings.entry('vga');
  if (vga?.stored !== 'none') {
    const edit = vga ? setValue(vga, 'none') : addEntry(file.tree, configOf(file).main.section, 'vga', 'none');
    const span = vga ? atValue(vga) : atPart(entry, 'legacy-igd');
    yield fault(file, span, 'needs the line "vga: none", exactly that', 'Set vga: none', edit);
  }
  const machine = machineOf(settings);
  if (!machine.isQ35 || !machine.token || !machine.entry) return;
  const type = machine.text.replace('pc-q35-', 'pc-i440fx-').replace(/^q35$/, 'pc');
  const span = tokenSpan(machine.entry.line, machine.token);
  const edit = setProperty(machine.entry, 'type', type);
  yield fault(file, span, `works on i440fx machines, not on ${machine.text}`, `Use machine type ${type}`, edit);
}

/** What the entry itself must not have, and what it must name. */
function* inIt(start: Start, entry: Entry): Generator<Finding> {
  if (flagOf(entry, 'rombar') === false) yield without(start, entry, 'rombar', "needs the device's ROM");
  if (isFlagOn(entry, 'x-vga')) yield without(start, entry, 'x-vga', 'does not go with x-vga=1');
  if (property(entry, 'mdev')) yield without(start, entry, 'mdev', 'does not go with a mediated device');
  const why = deviceFault(choicesOf(start.world, start.file, entry) ?? []);
  if (why) yield fault(start.file, atProperty(entry, property(entry, 'mapping') ? 'mapping' : 'host'), why);
}

function deviceFault([choice, ...others]: readonly Choice[]): string | undefined {
  if (others.length > 0) return `needs one device, and this mapping has ${others.length + 1} to choose from`;
  const item = choice?.items[0];
  if (!choice || !item) return undefined;
  const count = choice.items.length > 1 ? choice.items.length : (choice.functions?.length ?? 1);
  if (count > 1) return `takes one function such as 0000:00:02.0, and this is ${count} of them`;
  const address = item.function ?? `${item.slot}.0`;
  return address.endsWith('02.0') ? undefined : `takes an address that ends in 02.0, and this is ${item.text}`;
}

function without({ file }: Start, entry: Entry, name: string, why: string): Finding {
  return fault(file, atPart(entry, name), why, `Leave out ${name}`, removeProperty(file.tree, entry, name));
}

function fault(file: Start['file'], span: Span, why: string, title = '', edit?: Edit): Finding {
  return {
    span,
    message: `Legacy IGD assignment ${why}. ${noStart}`,
    fixes: edit ? [fixIn(file, title, edit)] : [],
  };
}
