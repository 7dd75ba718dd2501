{{/* {context, server, uid, settings, secrets, ports: {name: port}, path: where its data is, [scratch]: {name: path}}: a bundled server, of one replica */}}
{{- define "io.server" -}}
{{- $root := .context -}}
{{- $values := get $root.Values.bundled .server -}}
{{- $named := dict "context" $root "component" .server -}}
{{- if $values.enabled }}
apiVersion: v1
kind: Service
metadata:
  {{- include "io.metadata" $named | nindent 2 }}
spec:
  selector:
    {{- include "io.selector" $named | nindent 4 }}
  ports:
    {{- range $name, $port := .ports }}
    - { name: {{ $name }}, port: {{ $port }}, targetPort: {{ $name }} }
    {{- end }}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  {{- include "io.metadata" $named | nindent 2 }}
spec:
  replicas: 1
  serviceName: {{ include "io.componentName" $named }}
  selector:
    matchLabels:
      {{- include "io.selector" $named | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "io.selector" $named | nindent 8 }}
      {{- with $root.Values.pods.annotations }}
      annotations: {{ toJson . }}
      {{- end }}
    spec:
      {{- include "io.podSpec" (dict "context" $root "uid" .uid) | nindent 6 }}
      terminationGracePeriodSeconds: 120
      containers:
        - name: {{ .server }}
          image: {{ $values.image }}
          imagePullPolicy: {{ $root.Values.bundled.imagePullPolicy }}
          # The official entry scripts write outside their volumes.
          {{- include "io.containerSecurity" (dict "writable" true) | nindent 10 }}
          env:
            {{- include "io.variables" .settings | trim | nindent 12 }}
            {{- range $variable, $key := .secrets }}
            - name: {{ $variable }}
              valueFrom: { secretKeyRef: { name: {{ get (include "io.secretNames" $root | fromYaml) $key }}, key: {{ $key }} } }
            {{- end }}
          ports:
            {{- range $name, $port := .ports }}
            - { name: {{ $name }}, containerPort: {{ $port }} }
            {{- end }}
          # While it prepares its data for the first time a server listens on no port, or on loopback only.
          startupProbe: { tcpSocket: { port: {{ .server }} }, periodSeconds: 3, failureThreshold: 100 }
          livenessProbe: { tcpSocket: { port: {{ .server }} }, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 6 }
          readinessProbe: { tcpSocket: { port: {{ .server }} }, periodSeconds: 5, timeoutSeconds: 3 }
          resources: {{ toJson $values.resources }}
          volumeMounts:
            {{- range $name, $path := .scratch }}
            - { name: {{ $name }}, mountPath: {{ $path }} }
            {{- end }}
            # A folder of the volume: its root may hold lost+found, which MySQL takes for data.
            - { name: data, mountPath: {{ .path }}, subPath: data }
      {{- with .scratch }}
      volumes:
        {{- range $name, $path := . }}
        - { name: {{ $name }}, emptyDir: {} }
        {{- end }}
      {{- end }}
  volumeClaimTemplates:
    - metadata: { name: data }
      spec:
        accessModes: [ReadWriteOnce]
        {{- with $values.storage.className }}
        storageClassName: {{ . }}
        {{- end }}
        resources: { requests: { storage: {{ $values.storage.size }} } }
{{- end }}
{{- end }}

{{/* {context, component}: its policy, where it is bundled */}}
{{- define "io.serverPolicy" -}}
{{- if (get .context.Values.bundled .component).enabled }}
{{- include "io.networkPolicy" . }}
{{- end }}
{{- end }}
