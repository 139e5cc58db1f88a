/** Makers of cameras, telephones and scanners as they write themselves, by their first word. */
const DEVICE_MAKERS = new Set(
  'acer agfa apple canon casio dji epson fairphone fujifilm google gopro hasselblad hp htc huawei insta360 kodak konica kyocera leica lenovo lg lge mamiya minolta motorola nikon nokia olympus om oneplus oppo panasonic pentax phase plustek polaroid ricoh samsung sanyo sharp sigma sony toshiba vivo xiaomi zeiss'.split(
    ' ',
  ),
);

/** Programs with which people draw, develop, record and write, by how their names begin. */
const PROGRAMS =
  /^(?:adobe (?:photoshop|lightroom|illustrator|indesign|premiere|audition|camera raw|fresco)|gimp|inkscape|krita|darktable|rawtherapee|capture one|affinity (?:photo|designer|publisher)|corel(?:draw| painter)?|clip studio|procreate|paint\.net|blender|scribus|libreoffice|microsoft (?:word|powerpoint)|latex|pdftex|xetex|luatex|audacity|ableton live|logic pro|reaper|ardour|musescore|lilypond|davinci resolve|final cut|silverfast|vuescan|digikam|acdsee|picasa)/i;

/** Returns the maker as a code, or undefined: many a program writes something else into this field. */
export function deviceMaker(text: string): string | undefined {
  const [first = ''] = text
    .trim()
    .toLowerCase()
    .split(/[\s,.]+/);
  return text.length <= 64 && DEVICE_MAKERS.has(first) ? first : undefined;
}

/** Returns a model as a code, or undefined if it is none: it has a digit and few words. */
export function modelCode(text: string): string | undefined {
  const isPlausible = text.length <= 64 && /\d/.test(text) && text.trim().split(/\s+/).length <= 8;
  const code = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return isPlausible && code !== '' ? code : undefined;
}

/** Returns the program as a code, or undefined if it is not one of those known. */
export function programCode(text: string): string | undefined {
  const name = PROGRAMS.exec(text.trim())?.[0];
  return name?.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}
