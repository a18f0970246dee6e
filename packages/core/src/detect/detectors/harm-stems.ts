/** How words begin without which no harm is spoken of, three letters at least; with a dot, the whole word. */
const BEGINNINGS =
  `kill murder assassin strang stab. stabb behead slaughter poison massac lynch. lynchi chok drown tortur maim liquidat execut
  crush snip annihil suffoc dismem hurt injur attack assault rape raping rapist beat. bomb explos molotov grenad firearm gun.
  guns. rifle ammuni silencer anthrax nerve sarin ricin chemical biologic nuclear radiolog weapon dirty nitro napalm meth. methamp
  cocain heroin fentanyl lsd. mdma ecstas crack. steroid ghb. rohypn opioid illegal illicit drug blackm extort launder. laundering
  laundry embezz defraud fraud evasion counterf forge. forger forging fake. identity steal theft shoplift rob. robb traffick smuggl
  brib hijack kidnap abduct stalk burgl break. arson vandal insider ponzi pyramid plagiar pirat poach terroris qaeda isis milit
  riot sabotag groom captur extrem hack phish malware ransom keylog ddos denial spyware macro virus trojan rootkit unauthor crack
  cryptojack sql. inject backdoor detect notic caught evad undetect bypass circumv suspic secret untrac suicid self. myself
  yourself hang. hanging anorex bulim pro. overdos starv slit slitt shtwt edtwt sex porn nude naked erotic orgasm blow. blowjob
  handjob cum. cumm cumshot cock. cocks. dick. dicks. puss tits. tit. boob anal. horny slut whore milf masturb penis vagin fuck
  brothel prostit bdsm fetish xxx. intimat reveng upskirt escort fag. fags. faggo nigg negro kike spic. spics. chink trann dyke
  retard cunt whiteness wetback gook paki. pakis. coon. coons. libtard feminaz woman women female african asian latin. latino
  latina hispan mexican jew. jews jewish muslim islam christian. christians arab. arabs immigr migrant foreign refuge gay. gays
  lesbian lgbt homosex transg bisex non-bin disabled handicap autis homeless elderly minorit race. races. national divorced
  pregnan roma. gyps hindu sikh buddhis catholic aborig veteran white. whites black. blacks. shit. shitt bitch asshole moron
  idiot dumb freak loser ugly. worthless pathetic scum trash disgust stupid imbecil pig. stfu harass bully bulli humiliat threat
  intimid coerc doxx sexist racis insult defam libel shame. shaming hate. hates hated hating vermin filth die. dying suffer
  passwor addres medica prescri salary vaccin climate electio convinc painles painful poor. smuggl torment
  propagand shoot. shooting stolen hoax conspir rigged disinf misinf holocaust irrefut`
    .split(/\s+/)
    .filter((it) => it !== '');

const FIRST = 3;
const SPAN = 32;
const place = (a: number, b: number, c: number): number => ((a & 31) * SPAN + (b & 31)) * SPAN + (c & 31);
const HERE = new Uint8Array(SPAN ** FIRST);
for (const it of BEGINNINGS) HERE[place(it.charCodeAt(0), it.charCodeAt(1), it.charCodeAt(2))] = 1;
const BEGINS = new RegExp(
  `^(?:${BEGINNINGS.map((it) => (it.endsWith('.') ? `${it.slice(0, -1)}$` : it.replace('-', '\\-'))).join('|')})`,
);

/** ASCII letters in either case; the place of one is its lowest five bits. */
const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
const LONGEST = 12;

/** Whether any word begins as one of those does. One pass; words that do not begin alike are not even cut out. */
export function beginsLikeHarm(text: string, most: number): boolean {
  const end = Math.min(text.length, most);
  let start = -1;
  for (let i = 0; i <= end; i++) {
    if (i < end && isLetter(text.charCodeAt(i))) {
      if (start < 0) start = i;
    } else if (start >= 0) {
      if (
        i - start >= FIRST &&
        HERE[place(text.charCodeAt(start), text.charCodeAt(start + 1), text.charCodeAt(start + 2))] === 1 &&
        BEGINS.test(text.slice(start, Math.min(i, start + LONGEST)).toLowerCase())
      )
        return true;
      start = -1;
    }
  }
  return false;
}
