import { type Answered, type Unreadable, xmlText } from '@firebreak/core/detect/monitors';
import { XMLParser } from 'fast-xml-parser';

// Nothing is expanded, nothing is turned into numbers, nothing nests deeper than a feed does.
const xml = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  processEntities: false,
  htmlEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: 100,
  // XHTML inside a feed is text here.
  stopNodes: ['*.summary', '*.content', '*.description', '*.content:encoded'],
});

const MOST_TAGS = 200_000;
const CDATA = /^\s*<!\[CDATA\[([\s\S]*)\]\]>\s*$/;

/** Text as the feed means it. Stop nodes keep their marks of CDATA, and tags of their own (XHTML), which hold HTML as it is. */
const meant = (text: string): string => {
  const kept = CDATA.exec(text);
  if (kept !== null) return kept[1]!;
  return text.includes('<') ? text : xmlText(text);
};

function bare(it: unknown): unknown {
  if (typeof it === 'string') return meant(it);
  if (Array.isArray(it)) return it.map(bare);
  if (typeof it === 'object' && it !== null)
    return Object.fromEntries(Object.entries(it).map(([name, value]) => [name, bare(value)]));
  return it;
}

/** What a body is: JSON or XML by its first sign, whatever its content type says; or a sentence why it is neither. */
export function readAnswer(body: string): Answered | Unreadable {
  const text = body.replace(/^\uFEFF/, '').trimStart();
  if (text === '') return { unreadable: 'The answer is empty.' };
  if (/^(<!--[\s\S]{0,2000}?-->\s*)*<(!doctype\s+html|html|head|body|script)\b/i.test(text))
    return {
      unreadable:
        'It answers a web page (HTML) where JSON or a feed is expected: a log-in or block page, or not the address of the feed.',
    };
  if (text.startsWith('<')) {
    if (/<!ENTITY/i.test(text)) return { unreadable: 'The XML declares entities of its own, which are not read.' };
    if (text.split('<', MOST_TAGS + 1).length > MOST_TAGS)
      return { unreadable: 'The XML has far more elements than a feed has.' };
    try {
      return { xml: bare(xml.parse(text, true)) };
    } catch (error) {
      const why = String(error instanceof Error ? error.message : error).slice(0, 120);
      return { unreadable: `The XML is broken: ${why.replace(/\.$/, '')}.` };
    }
  }
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return { unreadable: 'It answers neither JSON nor XML; it may be cut, or not the right address.' };
  }
}
