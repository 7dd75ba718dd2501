{{/* Which Secret holds which variable. */}}

{{- define "io.ownSecret" -}}
{{ include "io.fullname" . }}-secrets
{{- end }}

{{/* {context, [existing]: a Secret that the values name, [value]: what they say outright} → the name of the Secret that holds it */}}
{{- define "io.holder" -}}
{{- $own := include "io.ownSecret" .context -}}
{{- .existing | default (ternary $own (.context.Values.secrets.existingSecret | default $own) (not (empty .value))) -}}
{{- end }}

{{/* {context, server} → likewise */}}
{{- define "io.serverHolder" -}}
{{- $values := get .context.Values.external .server -}}
{{- if (get .context.Values.bundled .server).enabled }}{{ $values = get .context.Values.bundled .server }}{{ end -}}
{{- include "io.holder" (dict "context" .context "existing" $values.existingSecret "value" $values.url) -}}
{{- end }}

{{/* → {VARIABLE: name of the Secret} of all that are in use */}}
{{- define "io.secretNames" -}}
{{- $secrets := .Values.secrets -}}
LINK_SECRET: {{ include "io.holder" (dict "context" . "existing" $secrets.linkSecret.existingSecret "value" $secrets.linkSecret.value) }}
ADMIN_PASSWORD: {{ include "io.holder" (dict "context" . "existing" $secrets.adminPassword.existingSecret "value" $secrets.adminPassword.value) }}
{{- if include "io.mailIsSent" . }}
SMTP_URL: {{ include "io.holder" (dict "context" . "existing" .Values.mail.existingSecret "value" .Values.mail.url) }}
{{- end }}
{{- if or .Values.llm.apiKey .Values.llm.existingSecret }}
OPENAI_API_KEY: {{ include "io.holder" (dict "context" . "existing" .Values.llm.existingSecret "value" .Values.llm.apiKey) }}
{{- end }}
{{- if .Values.s3.endpoint }}
S3_ACCESS_KEY_ID: {{ include "io.holder" (dict "context" . "existing" .Values.s3.existingSecret "value" .Values.s3.accessKeyId) }}
S3_SECRET_ACCESS_KEY: {{ include "io.holder" (dict "context" . "existing" .Values.s3.existingSecret "value" .Values.s3.secretAccessKey) }}
{{- end }}
{{- range $server, $variables := dict
  "rabbitmq" (list "RABBITMQ_PASSWORD")
  "mongo" (list "MONGO_PASSWORD")
  "mysql" (list "MYSQL_PASSWORD" "MYSQL_ROOT_PASSWORD") }}
{{- $holder := include "io.serverHolder" (dict "context" $ "server" $server) }}
{{ upper $server }}_URL: {{ $holder }}
{{- if (get $.Values.bundled $server).enabled }}
{{- range $variables }}
{{ . }}: {{ $holder }}
{{- end }}
{{- end }}
{{- end }}
{{- if .Values.keda.enabled }}
RABBITMQ_MANAGEMENT_URL: {{ include "io.serverHolder" (dict "context" . "server" "rabbitmq") }}
{{- end }}
{{- end }}

{{/* True or empty */}}
{{- define "io.mailIsSent" -}}
{{- if or .Values.mail.url .Values.mail.existingSecret }}true{{ end -}}
{{- end }}

{{/* {context, variable}: a container's variable out of its Secret; nothing where it is not in use */}}
{{- define "io.secretVariable" -}}
{{- with get (include "io.secretNames" .context | fromYaml) .variable }}
- name: {{ $.variable }}
  valueFrom: { secretKeyRef: { name: {{ . }}, key: {{ $.variable }} } }
{{- end }}
{{- end }}

{{/* {existing: data of the Secret that is there, key}: what is there, else made now */}}
{{- define "io.keptSecret" -}}
{{- get .existing .key | b64dec | default (randAlphaNum 32) -}}
{{- end }}
