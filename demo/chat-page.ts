/** The page customers see. Plain HTML, no build step, light and dark by the system's setting. */
export const CHAT_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Larkspur Notes · Help</title>
<style>
  :root { color-scheme: light dark; --paper: #f7f6f2; --card: #ffffff; --ink: #22252a; --soft: #666c75; --line: #dedbd2; --mine: #2f5d8c; --mine-ink: #ffffff; --note: #7a5a12; --note-paper: #fbf3df; }
  @media (prefers-color-scheme: dark) { :root { --paper: #15171a; --card: #1e2125; --ink: #e8e6e1; --soft: #a0a5ad; --line: #33373d; --mine: #6fa3d8; --mine-ink: #0f1418; --note: #e6c479; --note-paper: #2b2517; } }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
  main { max-width: 40rem; margin: 0 auto; min-height: 100dvh; display: flex; flex-direction: column; padding: 1.25rem; gap: 1rem; }
  header h1 { margin: 0; font-size: 1.15rem; font-weight: 650; }
  header p { margin: .15rem 0 0; color: var(--soft); }
  #talk { flex: 1; display: flex; flex-direction: column; gap: .75rem; overflow-y: auto; padding: .25rem 0; }
  .said { align-self: flex-start; max-width: 85%; padding: .6rem .85rem; border-radius: .9rem; background: var(--card); border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }
  .mine { align-self: flex-end; background: var(--mine); border-color: var(--mine); color: var(--mine-ink); }
  .paused { background: var(--note-paper); border-color: var(--note); }
  .by { display: block; margin-top: .35rem; font-size: .8rem; color: var(--soft); }
  .paused .by { color: var(--note); }
  .ideas { display: flex; flex-wrap: wrap; gap: .5rem; }
  button { font: inherit; cursor: pointer; border-radius: .6rem; border: 1px solid var(--line); background: var(--card); color: var(--ink); padding: .5rem .8rem; min-height: 2.75rem; }
  button:hover { border-color: var(--mine); }
  :focus-visible { outline: 3px solid var(--mine); outline-offset: 2px; }
  form { display: flex; gap: .5rem; }
  input { flex: 1; min-width: 0; font: inherit; padding: .6rem .8rem; border-radius: .6rem; border: 1px solid var(--soft); background: var(--card); color: var(--ink); }
  form button { background: var(--mine); color: var(--mine-ink); border-color: var(--mine); }
  footer { color: var(--soft); font-size: .8rem; }
</style>
<main>
  <header><h1>Larkspur Notes</h1><p>Ask about your subscription or an order.</p></header>
  <div id="talk" role="log" aria-live="polite" aria-label="Conversation" tabindex="0"><div class="said">Hello! How can I help you?</div></div>
  <div class="ideas" aria-label="Common questions">
    <button type="button">How many devices can I use?</button>
    <button type="button">How can I get a refund?</button>
    <button type="button">Where is my order 48213?</button>
    <button type="button">Please cancel my order 61250</button>
  </div>
  <form><input name="question" aria-label="Your question" placeholder="Your question" autocomplete="off" maxlength="500" required><button>Ask</button></form>
  <footer>Larkspur Notes is a made-up firm. Answers come from a small scripted model on this computer.</footer>
</main>
<script>
  const talk = document.getElementById('talk'), form = document.querySelector('form'), session = 'web-' + Math.random().toString(36).slice(2, 10);
  const say = (text, mine) => { const it = document.createElement('div'); it.className = 'said' + (mine ? ' mine' : ''); it.textContent = text; talk.append(it); it.scrollIntoView({ block: 'end' }); return it; };
  async function ask(question) {
    say(question, true);
    const it = say('…', false);
    let text = '';
    try {
      const answer = await fetch('/api/chat', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ question, session }) });
      if (!answer.ok) throw new Error();
      const lines = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { value, done } = await lines.read();
        if (done) break;
        const parts = (rest + value).split('\\n');
        rest = parts.pop();
        for (const part of parts) {
          const said = JSON.parse(part);
          if (said.piece) { text += said.piece; it.textContent = text; }
          if (said.done) {
            if (said.done.paused) it.classList.add('paused');
            const by = document.createElement('span');
            by.className = 'by';
            by.textContent = said.done.paused ? 'Waiting for a person' : said.done.prompt ? 'Answered by instructions ' + said.done.prompt : '';
            it.append(by);
          }
        }
        it.scrollIntoView({ block: 'end' });
      }
    } catch { it.textContent = text || 'I cannot be reached right now. Please try again in a moment.'; }
  }
  form.addEventListener('submit', (event) => { event.preventDefault(); const question = form.question.value.trim(); form.question.value = ''; if (question) ask(question); });
  for (const idea of document.querySelectorAll('.ideas button')) idea.addEventListener('click', () => ask(idea.textContent));
</script>
</html>
`;
