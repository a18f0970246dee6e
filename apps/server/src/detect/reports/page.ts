import type { AnswerOf } from '@firebreak/contract';
import type { ReportSeen, reports } from '@firebreak/contract/detect/reports';
import { REPORT_LIMITS, type ReportForm } from '@firebreak/core/detect/reports';

/** Nothing runs on these pages, nothing is loaded but the mark, and what is sent goes back to this server. */
export const PAGE_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
} as const;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
const paragraphs = (text: string): string =>
  text
    .split(/\n{2,}/)
    .map((part) => `<p>${escaped(part).replaceAll('\n', '<br>')}</p>`)
    .join('');

const STYLE = `
:root{color-scheme:light;--paper:#f6f5f2;--surface:#fff;--line:#e2dfd8;--edge:#857e71;--ink:#1d1b18;--ink-2:#55514a;--ember:#b02f18;--ember-soft:#fbeae5;--ember-line:#eabfb3;--amber-soft:#fcf1d8;--amber-line:#e6cb8c;--blue:#2b5a88}
@media (prefers-color-scheme:dark){:root{color-scheme:dark;--paper:#131211;--surface:#1b1a18;--line:#302d2a;--edge:#8b8479;--ink:#f1eee8;--ink-2:#bcb6ab;--ember:#f27d63;--ember-soft:#381a13;--ember-line:#6d3325;--amber-soft:#32270f;--amber-line:#5f4a1a;--blue:#94bce5}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
main{max-width:40rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.5rem;line-height:1.25;margin:.75rem 0 .5rem}
h2{font-size:1rem;margin:2rem 0 .25rem}
p{margin:.5rem 0}
ol{margin:.5rem 0;padding-left:1.4rem}
form{margin-top:1.25rem;display:grid;gap:1.25rem}
label,legend{display:block;font-weight:600;padding:0}
.may{font-weight:400;color:var(--ink-2)}
.hint{margin:.1rem 0 0;color:var(--ink-2);font-size:.875rem}
input:not([type=radio]):not([type=checkbox]),textarea,select{width:100%;margin-top:.35rem;padding:.6rem .75rem;border:1px solid var(--edge);border-radius:.4rem;background:var(--surface);color:var(--ink);font:inherit}
textarea{min-height:6rem;resize:vertical}
fieldset{border:0;margin:0;padding:0;min-width:0}
.pick{display:flex;gap:.6rem;align-items:flex-start;font-weight:400;padding:.5rem 0}
.pick input{margin:.3rem 0 0;width:1.1rem;height:1.1rem;flex:none;accent-color:var(--ink)}
:focus-visible{outline:2px solid var(--blue);outline-offset:2px}
button{justify-self:start;min-height:2.75rem;padding:.6rem 1.4rem;border:0;border-radius:.4rem;background:var(--ink);color:var(--paper);font:inherit;font-weight:600;cursor:pointer}
a{color:var(--blue)}
.note{border:1px solid var(--amber-line);background:var(--amber-soft);border-radius:.4rem;padding:.6rem .9rem;margin:1rem 0}
.wrong{border-color:var(--ember-line);background:var(--ember-soft)}
.card{border:1px solid var(--line);background:var(--surface);border-radius:.5rem;padding:.9rem 1.1rem;margin:1rem 0}
.reference{font:600 1.2rem/1.4 ui-monospace,SFMono-Regular,Menlo,monospace;margin:.15rem 0;user-select:all}
.apart{position:absolute;left:-10000px;width:1px;height:1px;overflow:hidden}
@media (max-width:30rem){button{width:100%}}
`;

const page = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escaped(title)}</title><link rel="icon" href="/mark.svg"><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;

const reach = ({ organisation }: ReportForm): string =>
  organisation === '' ? '' : `<p>How else to reach us: ${escaped(organisation)}</p>`;

const EMERGENCY =
  '<p class="note">This is no emergency service. If somebody is in danger, call the emergency number of your country first.</p>';

const optional = ' <span class="may">(optional)</span>';

/** What a form cannot leave empty is the first field alone. */
function whereFields({ names }: ReportForm): string {
  const typed = `<input id="other" name="otherProduct" maxlength="${REPORT_LIMITS.product}">`;
  if (names.length === 0)
    return `<div><label for="other">Which product or place${optional}</label><p class="hint" id="other-hint">For example: the chat on the website.</p>${typed.replace('>', ' aria-describedby="other-hint">')}</div>`;
  const options = names.map(({ name }) => `<option>${escaped(name)}</option>`).join('');
  return `<div><label for="product">Which product${optional}</label><select id="product" name="product"><option value="">Something else, or I do not know</option>${options}</select></div><div><label for="other">If it is something else${optional}</label>${typed}</div>`;
}

/** The form itself. Works without any script. */
export const formPage = (form: ReportForm): string =>
  page(
    'Report a failure of an AI system',
    `<h1>Report a failure of an AI system</h1>
${form.intro === '' ? '' : paragraphs(form.intro)}
<p>Anybody may report: you need no account and no proof. If you are not sure whether it is a failure, report it.</p>
${EMERGENCY}
<form method="post" action="/report" accept-charset="utf-8">
<div><label for="what">What happened</label><p class="hint" id="what-hint">In your own words. Leave out passwords and card numbers.</p><textarea id="what" name="what" required maxlength="${REPORT_LIMITS.what}" aria-describedby="what-hint"></textarea></div>
<div><label for="quote">What did it say or do${optional}</label><p class="hint" id="quote-hint">Copy its words, if you have them.</p><textarea id="quote" name="quote" maxlength="${REPORT_LIMITS.quote}" aria-describedby="quote-hint"></textarea></div>
${whereFields(form)}
<div><label for="when">When${optional}</label><p class="hint" id="when-hint">For example: today about nine in the morning, in Lisbon.</p><input id="when" name="when" maxlength="${REPORT_LIMITS.when}" aria-describedby="when-hint"></div>
<div><label for="link">A link to it${optional}</label><input id="link" name="link" inputmode="url" maxlength="${REPORT_LIMITS.link}"></div>
<fieldset><legend>Is somebody harmed, or may somebody be?</legend>
<label class="pick"><input type="radio" name="harm" value="yes"> Yes</label>
<label class="pick"><input type="radio" name="harm" value="unsure" checked> I am not sure</label>
<label class="pick"><input type="radio" name="harm" value="no"> No</label></fieldset>
<div><label for="contact">Your e-mail address${optional}</label><p class="hint" id="contact-hint">Kept only if you tick the box below.</p><input id="contact" name="contact" type="email" maxlength="${REPORT_LIMITS.contact}" autocomplete="email" aria-describedby="contact-hint">
<label class="pick"><input type="checkbox" name="mayWrite" value="yes"> You may write to me about this report</label></div>
<div class="apart" aria-hidden="true"><label for="website">Leave this empty</label><input id="website" name="website" tabindex="-1" autocomplete="off"></div>
<button type="submit">Send the report</button>
</form>
<h2>What happens next</h2>
<ol><li>You get a reference. Keep it: nobody can look it up for you.</li>
<li>A person reads every report, normally within a day.</li>
<li>With the reference you can <a href="/report/status">see whether somebody has looked at it, and what was answered</a>.</li></ol>
<p class="hint">Your network address is counted for an hour, so that nobody floods us, and is not kept with the report. What you write is kept as long as other records of the product, and deleted with them, your e-mail address too.</p>
${reach(form)}`,
  );

export const receivedPage = (
  form: ReportForm,
  { reference, contactKept, promisedHours }: AnswerOf<typeof reports.send>,
): string =>
  page(
    'Your report was received',
    `<h1>Thank you. Your report was received.</h1>
<div class="card"><p>Your reference</p><p class="reference">${escaped(reference)}</p><p class="hint">Write it down or copy it. With it alone anybody can see how far the report is; nobody can look it up for you.</p></div>
<p>A person looks at it within ${promisedHours === 1 ? 'an hour' : `${promisedHours} hours`}. ${contactKept ? 'We may write to the address you gave.' : 'We keep no address of yours, so come back with the reference if you want to know more.'}</p>
${EMERGENCY}
<p><a href="/report/status">See how far a report is</a> · <a href="/report">Report something else</a></p>
${reach(form)}`,
  );

const SAYS: Readonly<Record<ReportSeen['state'], string>> = {
  received: 'It was received, and waits for a person to look at it.',
  'looked-at': 'A person has looked at it, or is doing so.',
  answered: 'It was answered.',
};
const utc = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`;

export const statusPage = (form: ReportForm, seen: ReportSeen | null): string =>
  page(
    'How far a report is',
    `<h1>How far a report is</h1>
${
  seen === null
    ? '<p>Type the reference you got when you sent the report.</p>'
    : `<div class="card" role="status"><p><strong>${SAYS[seen.state]}</strong></p><p class="hint">Received ${utc(seen.receivedAt)}</p>${seen.answer === null ? '' : `${paragraphs(seen.answer.text)}<p class="hint">Answered ${utc(seen.answer.at)}</p>`}</div>`
}
<form method="post" action="/report/status"><div><label for="reference">${seen === null ? 'Reference' : 'Another reference'}</label><input id="reference" name="reference" required maxlength="60" autocomplete="off" autocapitalize="characters" spellcheck="false"></div><button type="submit">Look</button></form>
<p><a href="/report">Report a failure</a></p>
${reach(form)}`,
  );

/** What was refused and what to do. Nothing of what was sent stands in it. */
export const refusedPage = (form: ReportForm, title: string, detail: string): string =>
  page(
    title,
    `<h1>${escaped(title)}</h1><p class="note wrong" role="alert">${escaped(detail)}</p>
${form.on ? '<p>Go back with your browser: what you wrote is still there. <a href="/report">Or begin anew</a>.</p>' : ''}
${reach(form)}`,
  );
