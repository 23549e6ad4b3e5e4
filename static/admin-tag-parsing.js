// Parses and writes the text of a tags field. blog/strings/tag_names.py does the same on the server, and both are
// tested against tests/data/tag_parsing.json.

/** The tag names in a comma-separated text, without duplicates. Double quotes enclose a name with commas. */
export function parse(text) {
  const names = [];
  for (const [, quoted, unquoted] of text.matchAll(/"((?:[^"]|"")*)"|([^"]+)|"/g)) {
    if (quoted !== undefined) names.push(quoted.replaceAll('""', '"'));
    else if (unquoted !== undefined) names.push(...unquoted.split(","));
  }
  return unique(names.map((name) => name.trim()).filter(Boolean));
}

/** The text that `parse` reads back as these names. */
export function editString(names) {
  return names.map((name) => (/[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(", ");
}

/** Splits what is being typed into the names already ended by a comma, and the rest. */
export function takeComplete(text) {
  const complete = /^\s*(?:"((?:[^"]|"")*)"\s*|([^",][^,]*)?),/;
  const names = [];
  let found;
  while ((found = complete.exec(text))) {
    names.push(found[1] === undefined ? (found[2] ?? "") : found[1].replaceAll('""', '"'));
    text = text.slice(found[0].length);
  }
  return [names.map((name) => name.trim()).filter(Boolean), text.trimStart()];
}

export function fold(name) {
  return name.toLowerCase();
}

/** The names without those that differ only in case from an earlier one. */
export function unique(names) {
  return [...new Map(names.map((name) => [fold(name), name]).reverse()).values()].reverse();
}
