import { flagOf, isFlagOn, stored, textOfProperty } from '../languages/vmConf/config.ts';
import { settingsAtStart } from '../languages/vmConf/start.ts';
import { fact, lineOf } from './evidence.ts';
import type { Scene, Unit } from './scene.ts';
import { type Draft, failed, passed, skipped, unknown, warning, worstOf } from './step.ts';
import { hasDisplay, isDisplay } from './units.ts';

/** OVMF shows nothing on a card whose ROM has no part for UEFI; what is in a ROM no snapshot tells. */
export function romDraft(scene: Scene): Draft {
  const cards = scene.units.filter(
    unit => (hasDisplay(unit) && unit.kind !== 'mediated') || textOfProperty(unit.entry, 'romfile') !== undefined,
  );
  if (cards.length === 0) return skipped('It gets no graphics card as a whole, and names no ROM file.');
  const drafts = cards.map(unit => ofCard(scene, unit));
  const state = worstOf(drafts.map(one => one.state));
  const advice = drafts.find(one => one.state === state)?.advice;
  return {
    state,
    evidence: drafts.flatMap(one => one.evidence),
    advice,
    isAdvice: drafts.every(one => one.state !== 'unknown' || one.isAdvice === true),
  };
}

function ofCard(scene: Scene, unit: Unit): Draft {
  const name = textOfProperty(unit.entry, 'romfile');
  if (name !== undefined) return ofFile(scene, unit, name);
  if (flagOf(unit.entry, 'rombar') === false) return skipped(`${unit.entry.key} hides its ROM (rombar=0).`);
  if (stored(settingsAtStart(scene.anchor), 'bios') !== 'ovmf')
    return skipped('SeaBIOS uses the part for BIOS, which cards have had for long.');
  const card = unit.functions.find(isDisplay);
  if (card?.physicalFunction !== undefined)
    return skipped(`${card.address} is a virtual function, and those have no ROM.`);
  if (scene.inventory?.boot.efi && card?.bootVga)
    return passed(`The host started in UEFI mode with ${card.address}, so its ROM has a part for UEFI.`);
  if (card?.classId === '0302') return skipped(`${card.address} has no display outputs.`);
  return {
    ...unknown(
      `Whether the ROM of ${card?.address ?? unit.address} has a part for UEFI cannot be seen from outside; cards since about 2014 have one${isFlagOn(unit.entry, 'x-vga') ? '' : ', and the driver of the guest does without'}.`,
      'Dump it while nothing uses the card ("echo 1 > rom; cat rom > /tmp/rom" in its folder of sysfs) and look with rom-parser for type 3; where it lacks, give a romfile= or use SeaBIOS.',
    ),
    isAdvice: true,
  };
}

function ofFile({ inventory, anchor }: Scene, unit: Unit, name: string): Draft {
  const files = inventory?.romFiles;
  const line = lineOf(anchor, unit.line);
  const file = files?.find(one => one.name === name);
  if (!files)
    return unknown([line, fact('The files in /usr/share/kvm are not known.')], `See "ls -l /usr/share/kvm/${name}".`);
  if (!file) return failed([line, fact(`${name} is not among the files of /usr/share/kvm.`)], 'Copy it there.');
  if (file.validSignature === undefined)
    return unknown(
      [line, fact(`The first bytes of ${name} are not known.`)],
      `See "head -c 2 /usr/share/kvm/${name} | xxd": 55aa is meant.`,
    );
  return file.validSignature
    ? passed(line, `${name} is in /usr/share/kvm and begins with 55 AA.`)
    : warning([line, fact(`${name} does not begin with 55 AA.`)], 'Dump it again while nothing uses the card.');
}
