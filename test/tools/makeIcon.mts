/** Draws media/icon.png, the extension's icon of 256×256 pixels: npx tsx test/tools/makeIcon.mts */
import { writeFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';

type Colour = readonly [red: number, green: number, blue: number];
/** Signed distance to a shape's edge, in pixels: negative inside. */
type Shape = (x: number, y: number) => number;

const size = 256;

const layers: readonly { shape: Shape; colour: Colour }[] = [
  { shape: box(128, 128, 128, 128, 44), colour: [0x1f, 0x29, 0x37] },
  // The bracket, with the hook that is screwed to the case.
  { shape: box(38, 130, 7, 92, 3), colour: [0xcb, 0xd5, 0xe1] },
  { shape: box(28, 45, 17, 7, 3), colour: [0xcb, 0xd5, 0xe1] },
  // The contacts below the board; the notch between them is what makes it PCI Express.
  { shape: box(78, 186, 15, 22, 3), colour: [0xfb, 0xbf, 0x24] },
  { shape: box(160, 186, 55, 22, 3), colour: [0xfb, 0xbf, 0x24] },
  ...[78, 110, 122, 134, 146, 158, 170, 182, 194, 206].map(x => ({
    shape: box(x, 192, 2, 14, 1),
    colour: [0xb4, 0x83, 0x09] as const,
  })),
  // The board, the fan and the fins of the cooler.
  { shape: box(139, 117, 94, 61, 12), colour: [0xe5, 0x70, 0x00] },
  { shape: box(152, 117, 70, 48, 10), colour: [0x11, 0x18, 0x27] },
  { shape: ring(176, 117, 36, 5), colour: [0xcb, 0xd5, 0xe1] },
  ...[0, 1, 2, 3, 4].map(blade => ({ shape: sweep(176, 117, 27, (blade * 2 * Math.PI) / 5), colour: [0xcb, 0xd5, 0xe1] as const })),
  { shape: ring(176, 117, 0, 18), colour: [0xe5, 0x70, 0x00] },
  ...[96, 112, 128].map(x => ({ shape: box(x, 117, 3, 32, 3), colour: [0x9c, 0xa3, 0xaf] as const })),
];

/** A rectangle by its middle and half its sides, with round corners. */
function box(middleX: number, middleY: number, halfWidth: number, halfHeight: number, radius: number): Shape {
  return (x, y) => {
    const dx = Math.abs(x - middleX) - halfWidth + radius;
    const dy = Math.abs(y - middleY) - halfHeight + radius;
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
  };
}

/** A circle drawn with a pen; a disc where the circle's own radius is 0. */
function ring(middleX: number, middleY: number, radius: number, pen: number): Shape {
  return (x, y) => Math.abs(Math.hypot(x - middleX, y - middleY) - radius) - pen / 2;
}

/** A bent blade of a fan. */
function sweep(middleX: number, middleY: number, length: number, angle: number): Shape {
  return (x, y) => {
    const far = Math.hypot(x - middleX, y - middleY);
    const bend = angle + (0.9 * far) / length;
    const turn = Math.atan2(y - middleY, x - middleX) - bend;
    const across = far * Math.abs(Math.atan2(Math.sin(turn), Math.cos(turn)));
    return Math.max(across - 4.5, far - length, 6 - far);
  };
}

function draw(): Buffer {
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [red, green, blue, alpha] = pixel(x + 0.5, y + 0.5);
      rows.set([red, green, blue, alpha].map(Math.round), y * (size * 4 + 1) + 1 + x * 4);
    }
  }
  return rows;
}

/** What the layers leave at a point; edges are blended over one pixel. */
function pixel(x: number, y: number): readonly [number, number, number, number] {
  let [red, green, blue, alpha] = [0, 0, 0, 0];
  for (const { shape, colour } of layers) {
    const cover = Math.min(Math.max(0.5 - shape(x, y), 0), 1);
    if (cover === 0) continue;
    if (alpha === 0) [red, green, blue] = colour;
    red += (colour[0] - red) * cover;
    green += (colour[1] - green) * cover;
    blue += (colour[2] - blue) * cover;
    alpha += (255 - alpha) * cover;
  }
  return [red, green, blue, alpha];
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

const header = Buffer.alloc(13);
header.writeUInt32BE(size, 0);
header.writeUInt32BE(size, 4);
header.set([8, 6, 0, 0, 0], 8);
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const png = [signature, chunk('IHDR', header), chunk('IDAT', deflateSync(draw(), { level: 9 })), chunk('IEND', Buffer.alloc(0))];
writeFileSync(new URL('../../media/icon.png', import.meta.url), Buffer.concat(png));
