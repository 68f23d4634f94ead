import { readDetail, readField } from './listingAttributes.ts';
import {
  addressesOf,
  type CleanLine,
  cleanLine,
  describe,
  type Facts,
  plainLine,
  readDevice,
  readGroup,
} from './listingLine.ts';
import type { Sighting } from './listingMerge.ts';
import { isTableLine, TableReader } from './listingTable.ts';
import { isTreeLine, TreeReader } from './listingTree.ts';
import { type PciAddress, parsePciAddress } from './pciAddress.ts';
import type { Draft } from './snapshotValues.ts';

/** The device that the lines now being read belong to. */
interface Current {
  readonly address: PciAddress;
  readonly indent: number;
  /** A record of `lspci -vmm`, which ends at an empty line. */
  readonly isRecord: boolean;
  readonly byGroup: boolean;
  readonly facts: Draft<Facts>;
  /** The text of a device line whose ids are still missing. */
  unfinished: string | undefined;
}

/** The heading of an IOMMU group that the devices below it belong to. */
interface Scope {
  readonly group: number;
  readonly indent: number;
  members: number;
  /** The devices stand no deeper than the heading. */
  flat: boolean;
  /** The heading is a device's line itself, `Group 1: 00:01.0 …`; the group's other devices stand deeper below it. */
  readonly inline: boolean;
}

/** How a listing names its functions. One listing does it in one way, and names none of them twice. */
type Style = 'line' | 'group' | 'record' | 'tree' | 'table';

/** What the lines of one listing have in common. */
interface Block {
  readonly style: Style;
  readonly entries: Entry[];
  readonly addresses: Set<PciAddress>;
  /** `-k` was given: a function without such a line has no driver, or no module that claims it. */
  drivers: boolean;
  modules: boolean;
  /** Functions with a `reset` file are marked, so those without a mark have none. */
  resetMarks: boolean;
}

type Entry = Sighting & { readonly facts: Draft<Facts> };

/** Turns the lines of a text, one after the other, into sightings of functions. */
export class SightingReader {
  private readonly blocks: Block[] = [newBlock('line')];
  /** Number of the stretch without prose, which may hold several listings. */
  private stretch = 0;
  private readonly complaints: string[] = [];
  private current: Current | undefined;
  private scope: Scope | undefined;
  private tree = new TreeReader();
  private table: TableReader | undefined;
  /** The text shows a filter such as `lspci | grep`, so that a missing line proves nothing. */
  private filtered = false;

  /** `isHostLine` is shown every line that may tell something else than devices; true means that it did. */
  constructor(private readonly isHostLine: (text: string) => boolean) {}

  read(whole: string): void {
    const raw = plainLine(whole);
    const line = cleanLine(raw);
    if (isTableLine(raw)) {
      this.readTable(raw);
      return;
    }
    // Lines that are drawn between the rows belong to the table.
    if (/[^\s─┌┬┐├┼┤└┴┘═╞╪╡+-]/.test(raw)) this.table = undefined;
    if (raw.trim() === '') this.readBlank();
    else if (isTreeLine(raw)) this.readTree(raw);
    else if (line.text === '' || this.isHostLine(line.text)) this.boundary(raw);
    else this.readText(raw, line);
  }

  private readText(raw: string, line: CleanLine): void {
    const known =
      this.readSlot(line) ||
      this.readDetails(line) ||
      this.readHeading(line) ||
      this.readAddresses(line) ||
      this.readDeviceLine(line) ||
      this.readContinuation(line);
    if (!known) this.readOther(raw, line);
  }

  close(): { readonly sightings: readonly Sighting[]; readonly notes: readonly string[] } {
    this.closeCurrent();
    for (const block of this.blocks) this.completeBlock(block);
    const [complaint] = this.complaints;
    const notes = complaint ? [`The text holds an error message of lspci: "${complaint}".`] : [];
    return { sightings: this.blocks.flatMap(block => block.entries), notes };
  }

  private readBlank(): void {
    if (this.current?.isRecord) this.closeCurrent();
    if (this.scope && (this.scope.flat || this.scope.inline) && this.scope.members > 0) this.scope = undefined;
  }

  private readTree(raw: string): void {
    this.closeCurrent();
    for (const { address, facts } of this.tree.read(raw)) {
      this.startListing(address, 'tree');
      this.add({ address, facts, byGroup: false });
    }
  }

  private readTable(raw: string): void {
    this.closeCurrent();
    this.table ??= new TableReader();
    const row = this.table.read(raw);
    if (!row) return;
    this.startListing(row.address, 'table');
    this.add({ ...row, byGroup: false });
  }

  /** `Slot:	01:00.0` opens a record; very old versions of lspci write `Device:` instead. */
  private readSlot({ text, indent }: CleanLine): boolean {
    const [, at] = /^(?:Slot|Device):\s+(\S+)$/.exec(text) ?? [];
    const address = at === undefined ? undefined : parsePciAddress(at);
    if (address) this.openDevice(address, {}, { indent, isRecord: true, byGroup: false });
    return address !== undefined;
  }

  private readDetails(line: CleanLine): boolean {
    const { current } = this;
    if (!current || (readGroup(line.text) && !this.isGroupDetail(line, current))) return false;
    const facts = (current.isRecord ? readField(line.text) : undefined) ?? readDetail(line.text);
    if (!facts) return false;
    const block = this.block;
    if (facts.driver !== undefined || facts.modules) block.drivers = true;
    if (facts.modules) block.modules = true;
    addFacts(current.facts, facts, current.isRecord);
    current.unfinished = undefined;
    return true;
  }

  /** `IOMMU group: 7` is a line below a function in `lspci -vv`, and a heading above functions in other listings. */
  private isGroupDetail({ text, indent }: CleanLine, current: Current): boolean {
    if (indent > current.indent || current.isRecord) return true;
    return /^IOMMU group: \d+$/.test(text) && !this.scope && current.facts.iommuGroup === undefined;
  }

  private readHeading({ text, indent, branch }: CleanLine): boolean {
    const found = readGroup(text) ?? (branch && /^\d{1,4}$/.test(text) ? { group: Number(text), rest: '' } : undefined);
    if (!found || !/^(?:[([].*)?$/.test(found.rest) || readDevice(found.rest, true)) return false;
    this.closeCurrent();
    this.scope = { group: found.group, indent, members: 0, flat: false, inline: false };
    return true;
  }

  private readAddresses(line: CleanLine): boolean {
    const addresses = this.scope ? addressesOf(line.text) : [];
    for (const text of addresses) this.readDeviceLine({ ...line, text });
    return addresses.length > 0;
  }

  private readDeviceLine(line: CleanLine): boolean {
    const inline = readGroup(line.text);
    const scope = inline ? undefined : this.scopeOf(line);
    const group = inline?.group ?? scope?.group ?? groupAtEnd(line.text);
    const device = readDevice(inline?.rest ?? line.text, group !== undefined);
    if (!device) return false;
    if (inline) this.scope = { group: inline.group, indent: line.indent, members: 1, flat: false, inline: true };
    else if (scope) scope.members++;
    else this.scope = undefined;
    const marked = line.resetMark || device.facts.resettable;
    const facts = {
      ...device.facts,
      ...(marked && { resettable: true }),
      ...(group !== undefined && { iommuGroup: group }),
    };
    const byGroup = group !== undefined;
    this.openDevice(device.address, facts, { indent: line.indent, isRecord: false, byGroup }, device.unfinished);
    if (marked) this.block.resetMarks = true;
    return true;
  }

  /** The heading above, if the line still belongs to it. */
  private scopeOf({ text, indent }: CleanLine): Scope | undefined {
    const { scope } = this;
    if (!scope || !readDevice(text, true)) return undefined;
    if (scope.members === 0) scope.flat = indent <= scope.indent;
    return scope.flat || indent > scope.indent ? scope : undefined;
  }

  /** A device line that was broken in two: the ids stand at the end of the next line. */
  private readContinuation({ text }: CleanLine): boolean {
    const { current } = this;
    if (current?.unfinished === undefined) return false;
    // A terminal breaks lines anywhere, also within the ids; elsewhere a blank stood at the break.
    const blank = /\[[0-9a-f:]{0,8}$/i.test(current.unfinished) ? '' : ' ';
    const whole = describe(`${current.unfinished}${blank}${text}`);
    current.unfinished = undefined;
    if (whole?.deviceId === undefined) return false;
    Object.assign(current.facts, whole);
    return true;
  }

  private readOther(raw: string, { text, indent }: CleanLine): void {
    if (/^(?:pcilib|lspci|libkmod|modprobe): /.test(text)) {
      this.complaints.push(text.slice(0, 160));
      return;
    }
    // The many other lines of `lspci -vv` stand below a function, with a key, even where indentation got lost.
    const isDeeper = this.current && indent > this.current.indent && !/^ {0,3}#{1,6} \S/.test(raw);
    const belongs = isDeeper || (this.current && /^[A-Z][A-Za-z0-9 /+-]{1,24}:/.test(text));
    if (!belongs && !(this.scope && indent > this.scope.indent)) this.boundary(raw);
  }

  /** The listing ends here: prose, a prompt, a fence, a rule. */
  private boundary(raw: string): void {
    if (/\blspci\b[^|]{0,200}\| {0,4}(?:[ef]?grep|rg|awk|sed|head|tail)\b/.test(raw)) this.filtered = true;
    this.closeCurrent();
    if (this.scope && this.scope.members > 0) this.scope = undefined;
    this.tree = new TreeReader();
    if (!this.block.entries.length) return;
    this.blocks.push(newBlock('line'));
    this.stretch++;
  }

  /** Another listing may follow without a word: in another style, or from the start again. */
  private startListing(address: PciAddress, style: Style): void {
    const { block } = this;
    if (block.style === style && !block.addresses.has(address)) return;
    if (block.entries.length === 0) this.blocks.pop();
    this.blocks.push(newBlock(style));
  }

  private openDevice(
    address: PciAddress,
    facts: Facts,
    { indent, isRecord, byGroup }: Pick<Current, 'indent' | 'isRecord' | 'byGroup'>,
    unfinished?: string,
  ): void {
    this.closeCurrent();
    this.startListing(address, isRecord ? 'record' : byGroup ? 'group' : 'line');
    this.current = { address, indent, isRecord, byGroup, facts: { ...facts }, unfinished };
  }

  private closeCurrent(): void {
    if (this.current) this.add(this.current);
    this.current = undefined;
  }

  private add({ address, facts, byGroup }: Pick<Current, 'address' | 'facts' | 'byGroup'>): void {
    this.block.entries.push({ address, facts: { ...facts }, byGroup, block: this.stretch });
    this.block.addresses.add(address);
  }

  private get block(): Block {
    return this.blocks.at(-1)!;
  }

  /** Fills in what a missing line means in this listing. Of its last function lines may have been cut off. */
  private completeBlock({ entries, drivers, modules, resetMarks }: Block): void {
    for (const { facts } of entries) if (resetMarks) facts.resettable ??= false;
    if (this.filtered) return;
    for (const { facts } of entries.slice(0, -1)) {
      if (drivers && facts.driver === undefined) facts.driver = null;
      if (modules) facts.modules ??= [];
    }
  }
}

/** `… [8086:1533] (rev 03) IOMMU group 7`. */
function groupAtEnd(text: string): number | undefined {
  const found = /\biommu[ _-]?group:? {0,4}(\d{1,6})[\])]?$/i.exec(text.slice(-40));
  return found ? Number(found[1]) : undefined;
}

const newBlock = (style: Style): Block => ({
  style,
  entries: [],
  addresses: new Set(),
  drivers: false,
  modules: false,
  resetMarks: false,
});

/** No function has more modules than this; a text that says so is damaged. */
const mostModules = 64;

/** Adds what a line says; lists grow where a field may be repeated. */
function addFacts(facts: Draft<Facts>, { bars, modules, ...found }: Facts, isRecord: boolean): void {
  Object.assign(facts, found);
  if (bars) {
    const others = (facts.bars ?? []).filter(({ index }) => bars.every(bar => bar.index !== index));
    facts.bars = [...others, ...bars];
  }
  if (modules) facts.modules = isRecord ? [...(facts.modules ?? []), ...modules].slice(0, mostModules) : modules;
}
