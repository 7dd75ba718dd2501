{{/* Names and labels. Every helper's name begins with `io.`; most take a dict with `context`, the chart's own dot. */}}

{{- define "io.fullname" -}}
{{- $name := .Values.nameOverride | default .Chart.Name -}}
{{- $prefix := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- .Values.fullnameOverride | default $prefix | trunc 44 | trimSuffix "-" -}}
{{- end }}

{{/* {context, component} → the name of that component's objects */}}
{{- define "io.componentName" -}}
{{ include "io.fullname" .context }}-{{ .component }}
{{- end }}

{{- define "io.releaseSelector" -}}
app.kubernetes.io/name: {{ .Values.nameOverride | default .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* {context, component}: what never changes, so it may stand in selectors */}}
{{- define "io.selector" -}}
{{ include "io.releaseSelector" .context }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* {context, component} */}}
{{- define "io.labels" -}}
{{ include "io.selector" . }}
app.kubernetes.io/part-of: image-organizer
app.kubernetes.io/version: {{ .context.Chart.AppVersion }}
app.kubernetes.io/managed-by: {{ .context.Release.Service }}
helm.sh/chart: {{ .context.Chart.Name }}-{{ .context.Chart.Version }}
{{- end }}

{{/* {context, component, [name]}: the metadata of any object */}}
{{- define "io.metadata" -}}
name: {{ .name | default (include "io.componentName" .) }}
namespace: {{ .context.Release.Namespace }}
labels:
  {{- include "io.labels" . | nindent 2 }}
{{- end }}

{{/* {context, service} */}}
{{- define "io.image" -}}
{{- $image := .context.Values.image -}}
{{- $made := printf "%s/%s:%s" $image.repository .service ($image.tag | default .context.Chart.AppVersion) -}}
{{- (get .context.Values .service).image | default (ternary (printf "%s/%s" $image.registry $made) $made (ne $image.registry "")) -}}
{{- end }}

{{- define "io.publicUrl" -}}
{{- $scheme := ternary "https" "http" (ne .Values.ingress.tlsSecret "") -}}
{{- $ingress := ternary (printf "%s://%s" $scheme .Values.ingress.host) "http://localhost:8080" .Values.ingress.enabled -}}
{{- .Values.config.publicUrl | default $ingress -}}
{{- end }}
