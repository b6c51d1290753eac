/** How many bytes a text takes as UTF-8. */
export const utf8Bytes = (text: string): number => {
  let bytes = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit < 0x80) continue
    if (unit < 0x800) bytes += 1
    else {
      bytes += 2
      // A surrogate pair: two units, four bytes.
      if (unit >= 0xd800 && unit < 0xdc00 && at + 1 < text.length) {
        at += 1
      }
    }
  }
  return bytes
}
