import { fromBase64, readable } from '../../text/index.ts';

/** One kind of secret: what it looks like, and where it can prove itself. */
export interface SecretKind {
  readonly id: string;
  readonly name: string;
  /** Text that must occur before the pattern is tried at all, lower case. */
  readonly needs: string;
  /** Linear: no quantifier within a quantifier. The whole match, or its first group, is the secret. */
  readonly pattern: RegExp;
  /** `true`: proven; `false`: cannot be one; absent: it has the shape, nothing proves it. */
  readonly proof?: (secret: string) => boolean;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
let table: Uint32Array | null = null;

function crc32(text: string): number {
  if (table === null) {
    table = new Uint32Array(256);
    for (let n = 0; n < 256; n++) {
      let c = n;
      for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
      table[n] = c >>> 0;
    }
  }
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) crc = table[(crc ^ text.charCodeAt(i)) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Tokens whose last six characters are the CRC-32 of what stands between prefix and them, in base 62. */
function hasCrc(secret: string): boolean {
  const body = secret.slice(secret.indexOf('_') + 1, -6);
  let rest = crc32(body);
  let expected = '';
  for (let i = 0; i < 6; i++) {
    expected = BASE62[rest % 62]! + expected;
    rest = Math.floor(rest / 62);
  }
  return expected === secret.slice(-6);
}

function isJwt(secret: string): boolean {
  const parts = secret.split('.');
  return parts.slice(0, 2).every((part) => {
    const bytes = fromBase64(part);
    const text = bytes === null ? null : readable(bytes);
    if (text === null) return false;
    try {
      const read: unknown = JSON.parse(text);
      return typeof read === 'object' && read !== null && (part !== parts[0] || 'alg' in read);
    } catch {
      return false;
    }
  });
}

/** Keys and tokens by the formats their issuers publish. */
export const SECRET_KINDS: readonly SecretKind[] = [
  {
    id: 'private-key',
    name: 'a private key',
    needs: 'private key',
    pattern:
      /-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED |PGP )?PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s:,-]{40,8000}/g,
    proof: () => true,
  },
  {
    id: 'jwt',
    name: 'a signed token (JWT)',
    needs: 'eyj',
    pattern: /\beyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{16,1000}/g,
    proof: isJwt,
  },
  { id: 'github-token', name: 'a GitHub token', needs: 'gh', pattern: /\bgh[pousr]_[A-Za-z0-9]{36}\b/g, proof: hasCrc },
  { id: 'npm-token', name: 'an npm token', needs: 'npm_', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g, proof: hasCrc },
  {
    id: 'github-fine-token',
    name: 'a GitHub token',
    needs: 'github_pat_',
    pattern: /\bgithub_pat_[A-Za-z0-9_]{82}\b/g,
  },
  {
    id: 'openai-key',
    name: 'an OpenAI key',
    needs: 'sk-',
    // With a capital and a figure among its first characters: names of packages and styles begin so too.
    pattern: /\bsk-(?=[a-z0-9_-]{0,40}[A-Z])(?=[A-Za-z_-]{0,40}\d)(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,200}/g,
  },
  { id: 'openrouter-key', name: 'an OpenRouter key', needs: 'sk-or-', pattern: /\bsk-or-v\d-[0-9a-f]{64}\b/g },
  {
    id: 'anthropic-key',
    name: 'an Anthropic key',
    needs: 'sk-ant-',
    pattern: /\bsk-ant-[a-z0-9]{3,10}-[A-Za-z0-9_-]{40,200}/g,
  },
  { id: 'aws-access-key', name: 'an AWS access key', needs: 'a', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  { id: 'google-key', name: 'a Google API key', needs: 'aiza', pattern: /\bAIza[A-Za-z0-9_-]{35}\b/g },
  { id: 'stripe-key', name: 'a Stripe key', needs: 'k_live_', pattern: /\b[rs]k_live_[A-Za-z0-9]{16,200}\b/g },
  { id: 'slack-token', name: 'a Slack token', needs: 'xox', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,250}/g },
  {
    id: 'slack-webhook',
    name: 'a Slack webhook',
    needs: 'hooks.slack.com',
    pattern: /hooks\.slack\.com\/services\/T[A-Z0-9]{6,12}\/B[A-Z0-9]{6,12}\/[A-Za-z0-9]{18,30}/g,
  },
  {
    id: 'sendgrid-key',
    name: 'a SendGrid key',
    needs: 'sg.',
    pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/g,
  },
  { id: 'gitlab-token', name: 'a GitLab token', needs: 'glpat-', pattern: /\bglpat-[A-Za-z0-9_-]{20,60}/g },
  { id: 'huggingface-token', name: 'a Hugging Face token', needs: 'hf_', pattern: /\bhf_[A-Za-z0-9]{34,40}\b/g },
  { id: 'pypi-token', name: 'a PyPI token', needs: 'pypi-', pattern: /\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,300}/g },
  { id: 'telegram-token', name: 'a Telegram bot token', needs: ':aa', pattern: /\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b/g },
  { id: 'groq-key', name: 'a Groq key', needs: 'gsk_', pattern: /\bgsk_[A-Za-z0-9]{40,60}\b/g },
  { id: 'xai-key', name: 'an xAI key', needs: 'xai-', pattern: /\bxai-[A-Za-z0-9]{60,100}\b/g },
  { id: 'replicate-token', name: 'a Replicate token', needs: 'r8_', pattern: /\br8_[A-Za-z0-9]{37,40}\b/g },
  { id: 'perplexity-key', name: 'a Perplexity key', needs: 'pplx-', pattern: /\bpplx-[A-Za-z0-9]{40,60}\b/g },
  { id: 'nvidia-key', name: 'an NVIDIA key', needs: 'nvapi-', pattern: /\bnvapi-[A-Za-z0-9_-]{50,80}/g },
  {
    id: 'langsmith-key',
    name: 'a LangSmith key',
    needs: 'lsv2_',
    pattern: /\blsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}\b/g,
  },
  { id: 'pinecone-key', name: 'a Pinecone key', needs: 'pcsk_', pattern: /\bpcsk_[A-Za-z0-9_]{50,90}\b/g },
  {
    id: 'google-oauth-token',
    name: 'a Google access token',
    needs: 'ya29.',
    pattern: /\bya29\.[A-Za-z0-9_-]{30,300}/g,
  },
  {
    id: 'google-oauth-secret',
    name: 'a Google client secret',
    needs: 'gocspx-',
    pattern: /\bGOCSPX-[A-Za-z0-9_-]{28}\b/g,
  },
  {
    id: 'azure-storage-key',
    name: 'an Azure storage key',
    needs: 'accountkey=',
    pattern: /\bAccountKey=([A-Za-z0-9+/]{86}==)/g,
  },
  { id: 'shopify-token', name: 'a Shopify token', needs: 'shp', pattern: /\bshp(?:at|ca|pa|ss)_[0-9a-f]{32}\b/g },
  {
    id: 'stripe-webhook-secret',
    name: 'a Stripe webhook secret',
    needs: 'whsec_',
    pattern: /\bwhsec_[A-Za-z0-9+/]{32,80}/g,
  },
  { id: 'digitalocean-token', name: 'a DigitalOcean token', needs: '_v1_', pattern: /\bdo[opr]_v1_[0-9a-f]{64}\b/g },
  { id: 'databricks-token', name: 'a Databricks token', needs: 'dapi', pattern: /\bdapi[0-9a-f]{32}(?:-\d)?\b/g },
  { id: 'vault-token', name: 'a Vault token', needs: 'hv', pattern: /\bhv[sbr]\.[A-Za-z0-9_-]{90,300}/g },
  { id: 'grafana-token', name: 'a Grafana token', needs: 'gl', pattern: /\bgl(?:sa|c)_[A-Za-z0-9+/=_]{32,300}/g },
  { id: 'atlassian-token', name: 'an Atlassian token', needs: 'atatt3x', pattern: /\bATATT3x[A-Za-z0-9_=-]{100,250}/g },
  { id: 'docker-token', name: 'a Docker token', needs: 'dckr_', pattern: /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{27,40}/g },
  { id: 'notion-token', name: 'a Notion token', needs: 'ntn_', pattern: /\bntn_[A-Za-z0-9]{40,60}\b/g },
  { id: 'linear-key', name: 'a Linear key', needs: 'lin_api_', pattern: /\blin_api_[A-Za-z0-9]{40}\b/g },
  { id: 'postman-key', name: 'a Postman key', needs: 'pmak-', pattern: /\bPMAK-[0-9a-f]{24}-[0-9a-f]{34}\b/g },
  { id: 'supabase-token', name: 'a Supabase token', needs: 'sbp_', pattern: /\bsbp_[0-9a-f]{40}\b/g },
  {
    id: 'planetscale-token',
    name: 'a PlanetScale token',
    needs: 'pscale_',
    pattern: /\bpscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,64}/g,
  },
  {
    id: 'age-key',
    name: 'an age key',
    needs: 'age-secret-key-',
    pattern: /\bAGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}\b/g,
  },
  { id: 'firebreak-key', name: 'a Firebreak key', needs: 'fbk_', pattern: /\bfbk_[A-Za-z0-9_-]{20,120}/g },
  {
    id: 'connection-password',
    name: 'a password in a connection address',
    needs: '://',
    pattern:
      /\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|rediss|amqps?|https?|ftp|ssh):\/\/[^\s:@/"'<>]{1,100}:([^\s:@/"'<>]{4,200})@[^\s/"'<>]{1,200}/g,
  },
];
